using KafkaCaching.Native;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Parts;

/// <summary>Does work in advance that the first cache of a process would otherwise have to wait for. On another thread, while the options
/// are validated and the brokers are queried, it loads librdkafka and then has the store's code compiled. The two steps run one after the
/// other, because the caller's thread already keeps a second processor busy.</summary>
internal static class WarmUp
{
    private static int _begun;

    /// <summary>Begins the warm-up and returns at once. It may be called from any thread.</summary>
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
            // An exception that escapes here would end the process. Creating the first client or the cache's store will fail with the same
            // error and report it to the caller.
        }
    }
}
