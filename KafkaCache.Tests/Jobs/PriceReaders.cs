using KafkaCaching.Jobs;

namespace KafkaCaching.Tests.Jobs;

/// <summary>Threads that read snapshots again and again. They check that each is one whole version, and that none comes after a later
/// one.</summary>
internal sealed class PriceReaders : IDisposable
{
    // Between two reads of a thread, so that they leave the processors to the refreshes that they are to meet.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly int _rows;
    private readonly Func<int, IRefreshedCache<string, Price>> _next;
    private readonly Action<string> _fault;
    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim _over = new();
    private long _reads;

    /// <param name="threads">How many.</param>
    /// <param name="rows">How many rows each version has.</param>
    /// <param name="next">The cache of a thread's next read, by a number that grows by one.</param>
    /// <param name="fault">Told of each fault.</param>
    public PriceReaders(int threads, int rows, Func<int, IRefreshedCache<string, Price>> next, Action<string> fault)
    {
        (_rows, _next, _fault) = (rows, next, fault);
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => Run(i)) { IsBackground = true })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Whether all rows of a snapshot came with one fetch.</summary>
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
