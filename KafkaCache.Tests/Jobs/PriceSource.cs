using KafkaCaching.Jobs;

namespace KafkaCaching.Tests.Jobs;

/// <summary>The source from which the tests' pods fetch.</summary>
internal sealed class PriceSource
{
    private long _fetches;

    /// <summary>Returns the rows of a fetch, by its number from 1.</summary>
    public Func<long, IReadOnlyCollection<Price>> Rows { get; set; } = static fetch => Of(fetch, count: 3);

    public long Fetches => Interlocked.Read(ref _fetches);

    public static IReadOnlyCollection<Price> Of(long fetch, int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(i => new Price($"sku-{i}", $"name-{count - i:D6}", i % 2, fetch))];

    public Task<IReadOnlyCollection<Price>> FetchAsync(RefreshFetch fetch, CancellationToken stop)
    {
        fetch.Report(0);
        return Task.FromResult(Rows(Interlocked.Increment(ref _fetches)));
    }
}
