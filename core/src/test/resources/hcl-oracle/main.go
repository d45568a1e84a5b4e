// Command oracle says what HashiCorp's own HCL makes of a text, so that a test can compare. It reads lines of a kind and a text in
// Base64, and answers each with a line: "syntax" for what does not parse, "error" for what does not evaluate, or the value.
// The kinds: e for an expression, t for a template, b for a body.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	for in.Scan() {
		kind, encoded, _ := strings.Cut(in.Text(), " ")
		text, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, answer(kind, text))
	}
	if err := in.Err(); err != nil {
		panic(err)
	}
	out.Flush()
}

func answer(kind string, text []byte) (shown string) {
	defer func() {
		if r := recover(); r != nil {
			shown = "panic"
		}
	}()
	var expression hcl.Expression
	var problems hcl.Diagnostics
	switch kind {
	case "b":
		file, problems := hclsyntax.ParseConfig(text, "x", hcl.InitialPos)
		if problems.HasErrors() {
			return "syntax"
		}
		return body(file.Body.(*hclsyntax.Body))
	case "t":
		expression, problems = hclsyntax.ParseTemplate(text, "x", hcl.InitialPos)
	default:
		expression, problems = hclsyntax.ParseExpression(text, "x", hcl.InitialPos)
	}
	if problems.HasErrors() {
		return "syntax"
	}
	return evaluated(expression)
}

func evaluated(expression hcl.Expression) string {
	value, problems := expression.Value(scope)
	if problems.HasErrors() {
		return "error"
	}
	return show(value)
}

func body(b *hclsyntax.Body) string {
	var out []string
	for _, name := range sorted(b.Attributes) {
		out = append(out, quoted(name)+"="+evaluated(b.Attributes[name].Expr))
	}
	for _, block := range b.Blocks {
		header := quoted(block.Type)
		for _, label := range block.Labels {
			header += " " + quoted(label)
		}
		out = append(out, header+" "+body(block.Body))
	}
	return "<" + strings.Join(out, ";") + ">"
}

func show(v cty.Value) string {
	switch ty := v.Type(); {
	case !v.IsKnown():
		return "?"
	case v.IsNull():
		return "null"
	case ty == cty.String:
		return quoted(v.AsString())
	case ty == cty.Number:
		return number(v.AsBigFloat())
	case ty == cty.Bool:
		return fmt.Sprint(v.True())
	case ty.IsObjectType():
		return members("", v)
	case ty.IsMapType():
		return members("map", v)
	case ty.IsTupleType():
		return items("", v)
	case ty.IsListType():
		return items("list", v)
	case ty.IsSetType():
		return items("set", v)
	default:
		panic(ty.FriendlyName())
	}
}

// number gives a hundred digits at most: cty counts in binary, so that its last ones differ from those on paper.
func number(f *big.Float) string {
	if f.Sign() == 0 {
		return "0"
	}
	if f.IsInf() {
		return "infinity"
	}
	mantissa, exponent, _ := strings.Cut(f.Text('e', 99), "e")
	var e int
	fmt.Sscan(exponent, &e)
	sign := strings.Repeat("-", strings.Count(mantissa, "-"))
	digits := strings.TrimRight(strings.NewReplacer("-", "", ".", "").Replace(mantissa), "0")
	switch {
	case e < -40 || e > 40:
		return fmt.Sprintf("%s%sE%d", sign, digits, e)
	case e < 0:
		return sign + "0." + strings.Repeat("0", -e-1) + digits
	case len(digits) <= e+1:
		return sign + digits + strings.Repeat("0", e+1-len(digits))
	default:
		return sign + digits[:e+1] + "." + digits[e+1:]
	}
}

func members(prefix string, v cty.Value) string {
	var out []string
	all := v.AsValueMap()
	for _, name := range sorted(all) {
		out = append(out, quoted(name)+":"+show(all[name]))
	}
	return prefix + "{" + strings.Join(out, ",") + "}"
}

func items(prefix string, v cty.Value) string {
	var out []string
	for it := v.ElementIterator(); it.Next(); {
		_, item := it.Element()
		out = append(out, show(item))
	}
	return prefix + "[" + strings.Join(out, ",") + "]"
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// to converts as the functions called tostring, tolist and so on do.
func to(wanted cty.Type) function.Function {
	parameter := function.Parameter{Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true}
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter},
		Type: func(args []cty.Value) (cty.Type, error) {
			given := args[0].Type()
			if given.Equals(wanted) {
				return wanted, nil
			}
			if convert.GetConversionUnsafe(given, wanted) == nil {
				return cty.NilType, fmt.Errorf("does not convert")
			}
			if given.HasDynamicTypes() || wanted.HasDynamicTypes() {
				converted, err := convert.Convert(args[0], wanted)
				return converted.Type(), err
			}
			return wanted, nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return convert.Convert(args[0], wanted) },
	})
}

func node(id int64, ips ...string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"id": cty.NumberIntVal(id), "ips": texts(ips...)})
}

func texts(all ...string) cty.Value {
	var values []cty.Value
	for _, text := range all {
		values = append(values, cty.StringVal(text))
	}
	return cty.ListVal(values)
}

// scope is the one of HclText, which has the same names and values.
var scope = &hcl.EvalContext{
	Variables: map[string]cty.Value{
		"name":    cty.StringVal("ada"),
		"nothing": cty.NullVal(cty.DynamicPseudoType),
		"later":   cty.DynamicVal,
		"list":    texts("a", "b"),
		"nodes":   cty.TupleVal([]cty.Value{node(1, "x", "y"), node(2, "z")}),
		"set":     cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}),
		"map":     cty.MapVal(map[string]cty.Value{"b": cty.NumberIntVal(2), "a": cty.NumberIntVal(1)}),
		"objects": cty.ListVal([]cty.Value{node(3, "p"), node(4, "q")}),
	},
	Functions: map[string]function.Function{
		"upper": stdlib.UpperFunc, "max": stdlib.MaxFunc, "concat": stdlib.ConcatFunc, "keys": stdlib.KeysFunc,
		"try": tryfunc.TryFunc, "can": tryfunc.CanFunc,
		"tostring": to(cty.String), "tonumber": to(cty.Number), "tobool": to(cty.Bool),
		"tolist": to(cty.List(cty.DynamicPseudoType)), "toset": to(cty.Set(cty.DynamicPseudoType)),
		"tomap": to(cty.Map(cty.DynamicPseudoType)),
	},
}
