using System.Text.Json;

namespace KafkaCaching.Benchmarks;

/// <summary>Every measurement of a run, for who wants to work on with them.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task WriteAsync<T>(FileInfo? file, T measurements)
    {
        if (file is null)
            return;
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, measurements, Indented);
    }
}
