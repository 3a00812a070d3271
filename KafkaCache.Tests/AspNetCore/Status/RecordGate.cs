namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>Lets a replay's records through by number, and stops it in between.</summary>
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

    // Not the event: the replay thread may still stand before it.
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
