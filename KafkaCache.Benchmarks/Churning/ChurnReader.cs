using KafkaCaching.Store;

namespace KafkaCaching.Benchmarks.Churning;

/// <summary>A thread that reads continuously, alternating between a random key and the key that is being written, and checks every
/// read.</summary>
internal sealed class ChurnReader : IDisposable
{
    private readonly IStateStore _store;
    private readonly ChurnEntries _entries;
    private readonly Random _random;
    private readonly Thread _thread;
    private volatile bool _ending;
    private Exception? _failure;
    private long _reads;
    private long _wrong;

    public ChurnReader(IStateStore store, ChurnEntries entries, int seed)
    {
        _store = store;
        _entries = entries;
        _random = new Random(seed);
        _thread = new Thread(Run) { IsBackground = true, Name = "reader" };
        _thread.Start();
    }

    public long Reads => Volatile.Read(ref _reads);

    public long Wrong => Volatile.Read(ref _wrong);

    public void Dispose()
    {
        _ending = true;
        _thread.Join();
        if (_failure is not null)
            throw new InvalidOperationException("The reader ended by an exception.", _failure);
    }

    private void Run()
    {
        try
        {
            while (!_ending)
            {
                ReadOne(_random.Next(_entries.Count));
                ReadOne(_entries.Current);
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void ReadOne(int number)
    {
        var settled = _entries.Settled(number);
        using var read = _store.Read(_entries.Key(number));
        var announced = _entries.Announced(number);
        Volatile.Write(ref _reads, _reads + 1);
        if (!ChurnEntries.IsRight(read.Found, read.Value, number, settled, announced))
            Volatile.Write(ref _wrong, _wrong + 1);
    }
}
