using System.Globalization;

namespace KafkaCaching.Benchmarks;

/// <summary>A table in Markdown with aligned columns.</summary>
internal sealed class Table(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    /// <summary>Adds a row. Smaller numbers get more decimal places. NaN becomes an empty cell.</summary>
    public void Add(string label, params double[] figures) => _rows.Add([label, .. figures.Select(Format)]);

    public void Write(TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length))];
        WriteRow(output, header, widths);
        output.WriteLine(
            "|" + string.Concat(
                widths.Select((width, column) => (column == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":") + "|")));
        foreach (var row in _rows.Skip(1))
            WriteRow(output, row, widths);
    }

    private static void WriteRow(TextWriter output, string[] row, int[] widths) => output.WriteLine(
        "|" + string.Concat(
            row.Select((cell, column) => " " + (column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])) + " |")));

    private static string Format(double figure) => Math.Abs(figure) switch
    {
        double.NaN => "",
        0 => "0",
        < 10 => figure.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => figure.ToString("0.0", CultureInfo.InvariantCulture),
        _ => figure.ToString("N0", CultureInfo.InvariantCulture),
    };
}
