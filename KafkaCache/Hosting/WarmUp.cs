using KafkaCaching.Native;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Hosting;

/// <summary>What every first cache of a process waits for, begun on another thread while its options are checked and the brokers are asked:
/// librdkafka loaded, then the store's code compiled. One after the other, because the caller has work for a second processor of its
/// own.</summary>
internal static class WarmUp
{
    private static int _begun;

    /// <summary>Any thread. Returns at once.</summary>
    public static void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Run(), state: null);
    }

    private static void Run()
    {
        try
        {
            NativeModule.Load();
            StoreWarmUp.Run();
        }
        catch (Exception)
        {
            // Here it would be the process's end. The first client and the cache's own store meet the same, and say so to somebody.
        }
    }
}
