using KafkaCaching.Jobs;

namespace KafkaCaching.Tests.Jobs;

/// <summary>Threads that read snapshots continuously. They check that each snapshot is one whole version, and that versions never
/// decrease.</summary>
internal sealed class PriceReaders : IDisposable
{
    // The pause between two reads of a thread, so that the refreshes get enough processor time.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly int _rows;
    private readonly Func<int, IRefreshedCache<string, Price>> _next;
    private readonly Action<string> _fault;
    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim _over = new();
    private long _reads;

    /// <param name="threads">The number of threads.</param>
    /// <param name="rows">The number of rows of each version.</param>
    /// <param name="next">Returns the cache for a read, by the number of the read.</param>
    /// <param name="fault">Called with a description of each violation.</param>
    public PriceReaders(int threads, int rows, Func<int, IRefreshedCache<string, Price>> next, Action<string> fault)
    {
        (_rows, _next, _fault) = (rows, next, fault);
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => Run(i)) { IsBackground = true })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Returns whether all rows of a snapshot are from the same fetch.</summary>
    public static string Mix(Snapshot<string, Price> snapshot) =>
        snapshot.Items.Select(static one => one.Fetch).Distinct().Count() == 1 && snapshot.Items.Count == snapshot.Keys.Count
            ? "OneVersion"
            : "Mixed";

    public void Stop()
    {
        _over.Set();
        foreach (var thread in _threads)
            thread.Join();
    }

    public void Dispose()
    {
        Stop();
        _over.Dispose();
    }

    private void Run(int first)
    {
        var versions = new Dictionary<IRefreshedCache<string, Price>, long>();
        for (var i = first; !_over.Wait(Pause); i++)
        {
            try
            {
                Read(_next(i), versions);
            }
            catch (Exception failed)
            {
                _fault(failed.Message);
            }

            Interlocked.Increment(ref _reads);
        }
    }

    private void Read(IRefreshedCache<string, Price> prices, Dictionary<IRefreshedCache<string, Price>, long> versions)
    {
        var snapshot = prices.Current;
        if (Mix(snapshot) != "OneVersion" || snapshot.Count != _rows)
            _fault($"version {snapshot.Version}: {Mix(snapshot)}, {snapshot.Count} rows");
        if (versions.GetValueOrDefault(prices) > snapshot.Version)
            _fault($"version {snapshot.Version} after {versions[prices]}");
        versions[prices] = snapshot.Version;
    }
}
