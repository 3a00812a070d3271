using System.Globalization;
using System.Net;
using System.Text;

namespace KafkaCaching.Benchmarks.Plots;

/// <summary>An SVG drawing that is legible on light and dark backgrounds.</summary>
internal sealed class Svg(int width, int height, string title)
{
    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 14px; font-weight: 600 } .right { text-anchor: end }
        .axis { stroke: #8c959f; stroke-width: 1 } .a { fill: #0969da; stroke: #0969da } .b { fill: #bf8700; stroke: #bf8700 }
        polyline { fill: none !important; stroke-width: 2 }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { stroke: #6e7681 } .a { fill: #58a6ff; stroke: #58a6ff } 
          .b { fill: #e3b341; stroke: #e3b341 } }
        """;

    private readonly StringBuilder _shapes = new();

    public void Text(double x, double y, string text, string kind = "") =>
        Add($"<text x='{x:0.#}' y='{y:0.#}' class='{kind}'>{WebUtility.HtmlEncode(text)}</text>");

    public void Bar(double x, double y, double length, double thickness, string kind) =>
        Add($"<rect x='{x:0.#}' y='{y:0.#}' width='{length:0.#}' height='{thickness:0.#}' class='{kind}'/>");

    public void Axis(double x1, double y1, double x2, double y2) =>
        Add($"<line x1='{x1:0.#}' y1='{y1:0.#}' x2='{x2:0.#}' y2='{y2:0.#}' class='axis'/>");

    public void Line(IEnumerable<(double X, double Y)> points, string kind) =>
        Add($"<polyline class='{kind}' points='{string.Join(' ', points.Select(Text))}'/>");

    private static string Text((double X, double Y) point) => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}");

    public override string ToString() => $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"
             role="img" aria-label="{WebUtility.HtmlEncode(title)}">
        <style>{Style}</style>
        <text x="12" y="22" class="title">{WebUtility.HtmlEncode(title)}</text>
        {_shapes}</svg>

        """;

    private void Add(FormattableString shape) => _shapes.Append(shape.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
