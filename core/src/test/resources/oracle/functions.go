// Evaluates expressions with the libraries that the language comes from, as the judge of our own functions.
//
// Reads one expression a line from standard input, each as a JSON text. Writes one line each: the value as JSON that
// carries its types, or {"error": "why"}. Needs Debian's golang-github-hashicorp-hcl-v2-dev,
// golang-github-zclconf-go-cty-dev and golang-github-zclconf-go-cty-yaml-dev.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

var functions = map[string]function.Function{
	"abs":             stdlib.AbsoluteFunc,
	"can":             tryfunc.CanFunc,
	"ceil":            stdlib.CeilFunc,
	"chomp":           stdlib.ChompFunc,
	"chunklist":       stdlib.ChunklistFunc,
	"coalescelist":    stdlib.CoalesceListFunc,
	"compact":         stdlib.CompactFunc,
	"concat":          stdlib.ConcatFunc,
	"contains":        stdlib.ContainsFunc,
	"csvdecode":       stdlib.CSVDecodeFunc,
	"distinct":        stdlib.DistinctFunc,
	"element":         stdlib.ElementFunc,
	"flatten":         stdlib.FlattenFunc,
	"floor":           stdlib.FloorFunc,
	"format":          stdlib.FormatFunc,
	"formatdate":      stdlib.FormatDateFunc,
	"formatlist":      stdlib.FormatListFunc,
	"indent":          stdlib.IndentFunc,
	"join":            stdlib.JoinFunc,
	"jsondecode":      stdlib.JSONDecodeFunc,
	"jsonencode":      stdlib.JSONEncodeFunc,
	"keys":            stdlib.KeysFunc,
	"log":             stdlib.LogFunc,
	"lower":           stdlib.LowerFunc,
	"max":             stdlib.MaxFunc,
	"merge":           stdlib.MergeFunc,
	"min":             stdlib.MinFunc,
	"parseint":        stdlib.ParseIntFunc,
	"pow":             stdlib.PowFunc,
	"range":           stdlib.RangeFunc,
	"regex":           stdlib.RegexFunc,
	"regexall":        stdlib.RegexAllFunc,
	"reverse":         stdlib.ReverseListFunc,
	"setintersection": stdlib.SetIntersectionFunc,
	"setproduct":      stdlib.SetProductFunc,
	"setsubtract":     stdlib.SetSubtractFunc,
	"setunion":        stdlib.SetUnionFunc,
	"signum":          stdlib.SignumFunc,
	"slice":           stdlib.SliceFunc,
	"sort":            stdlib.SortFunc,
	"split":           stdlib.SplitFunc,
	"strrev":          stdlib.ReverseFunc,
	"substr":          stdlib.SubstrFunc,
	"timeadd":         stdlib.TimeAddFunc,
	"title":           stdlib.TitleFunc,
	"tobool":          stdlib.MakeToFunc(cty.Bool),
	"tolist":          stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
	"tomap":           stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
	"tonumber":        stdlib.MakeToFunc(cty.Number),
	"toset":           stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
	"tostring":        stdlib.MakeToFunc(cty.String),
	"trim":            stdlib.TrimFunc,
	"trimprefix":      stdlib.TrimPrefixFunc,
	"trimspace":       stdlib.TrimSpaceFunc,
	"trimsuffix":      stdlib.TrimSuffixFunc,
	"try":             tryfunc.TryFunc,
	"upper":           stdlib.UpperFunc,
	"values":          stdlib.ValuesFunc,
	"yamldecode":      yaml.YAMLDecodeFunc,
	"yamlencode":      yaml.YAMLEncodeFunc,
	"zipmap":          stdlib.ZipmapFunc,
}

// With its kind but without the types of what is not there: null has none, and neither have items of an empty list.
func typed(value cty.Value) interface{} {
	kind := value.Type()
	switch {
	case !value.IsKnown():
		return map[string]interface{}{"unknown": true}
	case value.IsNull():
		return nil
	case kind == cty.String:
		return value.AsString()
	case kind == cty.Bool:
		return value.True()
	case kind == cty.Number:
		return map[string]interface{}{"number": value.AsBigFloat().Text('f', -1)}
	case kind.IsMapType() || kind.IsObjectType():
		members := map[string]interface{}{}
		for name, member := range value.AsValueMap() {
			members[name] = typed(member)
		}
		if kind.IsMapType() {
			return map[string]interface{}{"map": members}
		}
		return map[string]interface{}{"object": members}
	}
	items := []interface{}{}
	for it := value.ElementIterator(); it.Next(); {
		_, item := it.Element()
		items = append(items, typed(item))
	}
	switch {
	case kind.IsListType():
		return map[string]interface{}{"list": items}
	case kind.IsSetType():
		return map[string]interface{}{"set": items}
	default:
		return map[string]interface{}{"tuple": items}
	}
}

func evaluate(text string) (result interface{}) {
	defer func() {
		if failure := recover(); failure != nil {
			result = map[string]interface{}{"panic": fmt.Sprint(failure)}
		}
	}()
	expression, problems := hclsyntax.ParseExpression([]byte(text), "line", hcl.InitialPos)
	if problems.HasErrors() {
		return map[string]interface{}{"error": problems.Error()}
	}
	context := &hcl.EvalContext{Functions: functions}
	value, problems := expression.Value(context)
	if problems.HasErrors() {
		return map[string]interface{}{"error": problems.Error()}
	}
	value, _ = value.UnmarkDeep()
	return typed(value)
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "names" {
		names := []string{}
		for name := range functions {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			fmt.Println(name)
		}
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := encoder.Encode(evaluate(text)); err != nil {
			panic(err)
		}
	}
}
