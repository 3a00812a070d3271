using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace KafkaCaching.Benchmarks.Databases;

/// <summary>One way to read the shop.</summary>
internal sealed class ShopContender(string name, DbContextOptions<Shop> options, ShopReads reads)
{
    private const int Hot = 256;

    private readonly PooledDbContextFactory<Shop> _pool = new(options);

    public string Name => name;

    public ShopFigures Figures { get; } = new();

    /// <summary>Reads everything that is measured, so that it is in the caches.</summary>
    public async Task FillAsync()
    {
        foreach (var read in new[] { reads.ByKey, reads.OfGroup, reads.Linq })
            await MeasureAsync(read, Hot * 2, isOwnContext: false);
    }

    /// <summary>Measures one round.</summary>
    public async Task MeasureAsync(int count)
    {
        Figures.ByKey.Add(await MeasureAsync(reads.ByKey, count, isOwnContext: false));
        Figures.OfGroup.Add(await MeasureAsync(reads.OfGroup, count, isOwnContext: false));
        Figures.Linq.Add(await MeasureAsync(reads.Linq, count, isOwnContext: false));
        Figures.ByKeyOwnContext.Add(await MeasureAsync(reads.ByKey, count, isOwnContext: true));
    }

    private async Task<ShopRead> MeasureAsync(Func<Shop, int, ValueTask<object?>> read, int count, bool isOwnContext)
    {
        await using var held = await _pool.CreateDbContextAsync();
        var allocated = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            if (!isOwnContext)
            {
                Require(await read(held, i % Hot));
                continue;
            }

            await using var own = _pool.CreateDbContext();
            Require(await read(own, i % Hot));
        }

        var microseconds = Stopwatch.GetElapsedTime(started).TotalMicroseconds / count;
        return new ShopRead(microseconds, (double)(GC.GetTotalAllocatedBytes() - allocated) / count);
    }

    private static void Require(object? found)
    {
        if (found is null)
            throw new InvalidOperationException("A read found nothing.");
    }
}

/// <summary>The cost of one read.</summary>
internal readonly record struct ShopRead(double Microseconds, double Bytes);

/// <summary>The costs of a contender's reads, by round.</summary>
internal sealed class ShopFigures
{
    public List<ShopRead> ByKey { get; } = [];

    public List<ShopRead> OfGroup { get; } = [];

    public List<ShopRead> Linq { get; } = [];

    public List<ShopRead> ByKeyOwnContext { get; } = [];
}
