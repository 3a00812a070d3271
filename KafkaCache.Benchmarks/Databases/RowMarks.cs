using System.Globalization;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Tables;

namespace KafkaCaching.Benchmarks.Databases;

/// <summary>Measures the cost of marks for many rows: the number of entries in the cache, and the memory of the process.</summary>
internal static class RowMarks
{
    private const int MaxInBatch = 5_000;
    private const int Points = 4;

    /// <summary>Invalidates the rows in batches, each row by its own tag.</summary>
    public static async Task<List<MarkPoint>> MeasureAsync(KafkaEfCache cache, int rows)
    {
        var points = new List<MarkPoint>();
        var batch = Math.Clamp(rows / Points, 1, MaxInBatch);
        for (var next = 0; next < rows;)
        {
            var tags = Enumerable.Range(next, Math.Min(batch, rows - next)).Select(static number => Tags.OfRow("marked", [number]))
                .Distinct(StringComparer.Ordinal);
            await cache.Hybrid.RemoveByTagAsync(tags);
            next = Math.Min(next + batch, rows);
            if (next >= (long)rows * (points.Count + 1) / Points)
                points.Add(Point(cache, next));
        }

        return points;
    }

    private static MarkPoint Point(KafkaEfCache cache, int rows)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new MarkPoint(rows, cache.Hybrid.Cache.Status.Entries, ProcessMemory.Resident);
    }
}

/// <param name="Rows">The number of rows invalidated by then.</param>
/// <param name="Entries">The number of entries in the cache, including marks.</param>
/// <param name="Resident">The memory of the process, in MiB.</param>
internal readonly record struct MarkPoint(int Rows, long Entries, double Resident)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows:N0}: {Entries:N0}, {Resident:N0} MiB");
}
