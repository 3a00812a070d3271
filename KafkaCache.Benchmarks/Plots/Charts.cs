using System.Globalization;

namespace KafkaCaching.Benchmarks.Plots;

/// <summary>Draws the two kinds of charts of the results: bars for contenders, and lines for rounds.</summary>
internal static class Charts
{
    private const int Width = 760;
    private const int Top = 60;

    /// <summary>Draws two bars for each label, on one scale.</summary>
    public static Svg Bars(string title, string first, string second, IReadOnlyList<(string Label, double First, double Second)> rows)
    {
        const int Left = 400, Row = 34;
        var svg = new Svg(Width, Top + (rows.Count * Row) + 10, title);
        var scale = (Width - Left - 60) / rows.Max(static row => Math.Max(row.First, row.Second));
        Legend(svg, first, second);
        for (var i = 0; i < rows.Count; i++)
        {
            var (label, one, two) = rows[i];
            var y = Top + (i * Row);
            svg.Text(Left - 8, y + 17, label, "right");
            Bar(svg, Left, y, one * scale, one, "a");
            Bar(svg, Left, y + 13, two * scale, two, "b");
        }

        svg.Axis(Left, Top - 4, Left, Top + (rows.Count * Row));
        return svg;
    }

    /// <summary>Draws two lines over the rounds, on one scale from 0.</summary>
    public static Svg Lines(string title, string first, string second, IReadOnlyList<(double First, double Second)> rounds)
    {
        const int Left = 56, Bottom = 320;
        var svg = new Svg(Width, Bottom + 40, title);
        var most = rounds.Max(static round => Math.Max(round.First, round.Second));
        Legend(svg, first, second);
        svg.Axis(Left, Top, Left, Bottom);
        svg.Axis(Left, Bottom, Width - 20, Bottom);
        svg.Text(Left - 6, Top + 8, Format(most), "right");
        svg.Text(Left - 6, Bottom, "0", "right");
        svg.Text(Left, Bottom + 18, "round 0");
        svg.Text(Width - 20, Bottom + 18, $"round {rounds.Count - 1}", "right");
        svg.Line(rounds.Select((round, i) => (X(i), Y(round.First))), "a");
        svg.Line(rounds.Select((round, i) => (X(i), Y(round.Second))), "b");
        return svg;

        double X(int round) => Left + (round * (double)(Width - 20 - Left) / Math.Max(1, rounds.Count - 1));
        double Y(double figure) => Bottom - (figure / most * (Bottom - Top));
    }

    private static void Legend(Svg svg, string first, string second)
    {
        svg.Bar(12, 34, 10, 10, "a");
        svg.Text(28, 43, first);
        svg.Bar(212, 34, 10, 10, "b");
        svg.Text(228, 43, second);
    }

    private static void Bar(Svg svg, double x, double y, double length, double figure, string kind)
    {
        svg.Bar(x, y, length, 11, kind);
        svg.Text(x + length + 5, y + 10, Format(figure));
    }

    private static string Format(double figure) => figure.ToString(figure < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
