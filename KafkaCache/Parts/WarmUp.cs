using KafkaCaching.Native;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Parts;

/// <summary>Begins early with work for which the first cache of a process would have to wait. On another thread, while the options are
/// checked and the brokers are asked, it loads librdkafka and then causes the store's code to be compiled. The two steps run one after the
/// other, because the caller already keeps a second processor busy.</summary>
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
            // An exception that escapes here would end the process. The first client or the cache's own store will meet the same error and
            // report it to its caller.
        }
    }
}
