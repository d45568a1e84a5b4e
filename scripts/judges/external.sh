# A stand-in for the provider hashicorp/external, whose module the Go module proxy does not serve (tried: its own name, that
# of its go.mod, github.com/terraform-providers/terraform-provider-external, and four forks). Written from the documentation
# of the data source, with the protocol library that real providers use, whose version the table has. It has the same
# schema: program, working_dir, query, result, id. The program gets the query as JSON on stdin and answers with a JSON
# object of texts; if it fails, the error has what it wrote to stderr, whole.
# The folder is also a mirror of providers, in which both programs find it as version 2.3.5.
module_source "$module" "$version" "$work/source"
mkdir "$work/source/external"
cat >"$work/source/external/main.go" <<'E'
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	texts    = tftypes.List{ElementType: tftypes.String}
	byName   = tftypes.Map{ElementType: tftypes.String}
	dataType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"program": texts, "working_dir": tftypes.String, "query": byName, "result": byName, "id": tftypes.String,
	}}
)

// provider answers what a data source needs; nothing calls the rest.
type provider struct{ tfprotov5.ProviderServer }

func (provider) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	return &tfprotov5.GetMetadataResponse{DataSources: []tfprotov5.DataSourceMetadata{{TypeName: "external"}}}, nil
}

func (provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return &tfprotov5.GetProviderSchemaResponse{
		Provider: &tfprotov5.Schema{Block: &tfprotov5.SchemaBlock{}},
		DataSourceSchemas: map[string]*tfprotov5.Schema{"external": {Block: &tfprotov5.SchemaBlock{
			Attributes: []*tfprotov5.SchemaAttribute{
				{Name: "id", Type: tftypes.String, Computed: true},
				{Name: "program", Type: texts, Required: true},
				{Name: "query", Type: byName, Optional: true},
				{Name: "result", Type: byName, Computed: true},
				{Name: "working_dir", Type: tftypes.String, Optional: true},
			},
		}}},
	}, nil
}

func (provider) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (provider) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func (provider) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

func (provider) ReadDataSource(ctx context.Context, r *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	config, err := r.Config.Unmarshal(dataType)
	if err != nil {
		return nil, err
	}
	result, err := run(ctx, config)
	if err != nil {
		return &tfprotov5.ReadDataSourceResponse{Diagnostics: []*tfprotov5.Diagnostic{{
			Severity:  tfprotov5.DiagnosticSeverityError,
			Summary:   "External Program Execution Failed",
			Detail:    err.Error(),
			Attribute: tftypes.NewAttributePath().WithAttributeName("program"),
		}}}, nil
	}
	state := map[string]tftypes.Value{}
	if err := config.As(&state); err != nil {
		return nil, err
	}
	values := map[string]tftypes.Value{}
	for name, text := range result {
		values[name] = tftypes.NewValue(tftypes.String, text)
	}
	state["result"] = tftypes.NewValue(byName, values)
	state["id"] = tftypes.NewValue(tftypes.String, "-")
	answer, err := tfprotov5.NewDynamicValue(dataType, tftypes.NewValue(dataType, state))
	return &tfprotov5.ReadDataSourceResponse{State: &answer}, err
}

func run(ctx context.Context, config tftypes.Value) (map[string]string, error) {
	var (
		all             map[string]tftypes.Value
		program         []tftypes.Value
		query           map[string]tftypes.Value
		folder          *string
		words           []string
		stdin           = map[string]string{}
		stdout, stderr  bytes.Buffer
		result          map[string]string
	)
	if err := config.As(&all); err != nil {
		return nil, err
	}
	if err := all["program"].As(&program); err != nil {
		return nil, err
	}
	if err := all["query"].As(&query); err != nil {
		return nil, err
	}
	if err := all["working_dir"].As(&folder); err != nil {
		return nil, err
	}
	for _, word := range program {
		var text *string
		if err := word.As(&text); err != nil {
			return nil, err
		}
		if text != nil && *text != "" {
			words = append(words, *text)
		}
	}
	for name, value := range query {
		var text *string
		if err := value.As(&text); err != nil {
			return nil, err
		}
		if text != nil {
			stdin[name] = *text
		}
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("no program")
	}
	asked, err := json.Marshal(stdin)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(asked), &stdout, &stderr
	if folder != nil {
		command.Dir = *folder
	}
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%s\n\nState: %w", stderr.String(), err)
	}
	if err := json.Unmarshal(stdout.Bytes(), &result); err != nil {
		return nil, fmt.Errorf("the answer is not an object of texts: %w", err)
	}
	return result, nil
}

func main() {
	err := tf5server.Serve("registry.terraform.io/hashicorp/external", func() tfprotov5.ProviderServer { return provider{} })
	if err != nil {
		panic(err)
	}
}
E
(cd "$work/source" && go_build "$name" ./external)
for host in registry.terraform.io registry.opentofu.org; do
    place=$folder/$host/hashicorp/external/2.3.5/linux_$(cd / && "$go" env GOARCH)
    mkdir -p "$place"
    cp "$folder/$name" "$place/terraform-provider-external_v2.3.5"
done
