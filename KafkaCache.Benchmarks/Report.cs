using System.Text.Json;

namespace KafkaCaching.Benchmarks;

/// <summary>The output of a run: the goals, and every measurement for further processing.</summary>
internal sealed record Report<T>(string Driver, IReadOnlyList<Goal> Goals, T Measurements);

/// <inheritdoc cref="Report{T}"/>
internal static class Report
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync<T>(
        string driver, string title, Table table, IEnumerable<Goal> goals, FileInfo? json, T measurements)
    {
        var report = new Report<T>(driver, [.. goals], measurements);
        Console.WriteLine(title);
        Console.WriteLine();
        table.Write(Console.Out);
        Console.WriteLine();
        foreach (var goal in report.Goals)
            Console.WriteLine($"- {goal}");
        if (json is null)
            return;
        await using var stream = json.Create();
        await JsonSerializer.SerializeAsync(stream, report, Json);
    }
}
