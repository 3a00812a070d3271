using System.Reflection;

namespace KafkaCaching.Tests.Views;

/// <summary>A cache in which an entry changes during its first read: after the read has the old value, and early enough that a watch sees
/// the change before the read returns. Not sealed, because the proxy derives from it.</summary>
public class ChangedInRead : DispatchProxy
{
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KafkaCache<string, string> _cache = null!;
    private string _key = null!;
    private string _value = null!;
    private bool _isChanged;

    public static IReadOnlyKafkaCache<string, string> Of(KafkaCache<string, string> cache, string key, string value)
    {
        var proxy = Create<IReadOnlyKafkaCache<string, string>, ChangedInRead>();
        var self = (ChangedInRead)proxy;
        (self._cache, self._key, self._value) = (cache, key, value);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(_cache.WatchAsync))
            args![0] = Watched((WatchOptions<string>)args[0]!);
        var result = targetMethod.Invoke(_cache, args);
        if (targetMethod.Name == nameof(_cache.TryGetEntry) && !_isChanged)
        {
            _isChanged = true;
            _cache.Put(_key, _value, PutWait.Applied);
            Assert.True(
                _looked.Task.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), "No watch has looked at the change.");
        }

        return result;
    }

    private WatchOptions<string> Watched(WatchOptions<string> options) => options with
    {
        Where = key =>
        {
            var wants = options.Where!(key);
            _looked.TrySetResult();
            return wants;
        },
    };
}
