namespace KafkaCaching.Tests.Brokers;

/// <summary>A validator that blocks a replay at the record of one key. Meanwhile, a test can replace the topic and write to it. Otherwise,
/// the cache might find the new topic empty and complete its replay at once.</summary>
internal sealed class HeldReplay(byte[] key) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualResetEventSlim _held = new();
    private readonly ManualResetEventSlim _letGo = new();

    public bool Validate(in CacheRecord record)
    {
        if (!record.KeyBytes.SequenceEqual(key))
            return true;
        _held.Set();
        return _letGo.Wait(Patience);
    }

    public void WaitUntilHeld() => Assert.True(_held.Wait(Patience, TestContext.Current.CancellationToken));

    public void LetGo() => _letGo.Set();

    public void Dispose()
    {
        _letGo.Set();
        _held.Dispose();
    }
}
