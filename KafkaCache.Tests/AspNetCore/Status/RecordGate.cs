namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>Lets a given number of records of a replay pass, and blocks the others.</summary>
internal sealed class RecordGate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _moved = new();
    private long _left;

    public void Hold(KafkaCacheOptions<string, string> options) => options.ValidateRecord = (in CacheRecord _) =>
    {
        while (!TryPass())
            _moved.Wait();
        return true;
    };

    public void Let(long records)
    {
        lock (_lock)
        {
            _left += records;
            _moved.Set();
        }
    }

    public void Open() => Let(int.MaxValue);

    // The event is not disposed, because the replay thread may still wait for it.
    public void Dispose() => Open();

    private bool TryPass()
    {
        lock (_lock)
        {
            if (_left == 0)
            {
                _moved.Reset();
                return false;
            }

            _left--;
            return true;
        }
    }
}
