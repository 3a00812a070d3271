namespace KafkaCaching.Tests.Puts;

/// <summary>A gate before a cache's apply. While it is closed, the replay thread is blocked at the next record.</summary>
internal sealed class HeldApply : IDisposable
{
    private readonly ManualResetEventSlim _gate = new(initialState: true);

    public void Hold(KafkaCacheOptions<string, string> options) => options.ValidateRecord = (in CacheRecord _) =>
    {
        _gate.Wait();
        return true;
    };

    public void Close() => _gate.Reset();

    public void Open() => _gate.Set();

    // The gate is not disposed, because the replay thread may still wait for it.
    public void Dispose() => Open();
}
