using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hybrid.Serializers;

/// <summary>Finds the serializer of each type, in this order: the one that is registered for the type; the built-in one for strings and
/// byte arrays; the one that a registered factory creates (the factory added last is tried first); JSON. Services that are registered with
/// the cache's name as the key come before those without a key.</summary>
internal sealed class ValueSerializers(IServiceProvider services, string name)
{
    private readonly ConcurrentDictionary<Type, object> _serializers = [];

    public IHybridCacheSerializer<T> Of<T>() =>
        _serializers.TryGetValue(typeof(T), out var known)
            ? (IHybridCacheSerializer<T>)known
            : (IHybridCacheSerializer<T>)_serializers.GetOrAdd(typeof(T), Find<T>());

    private IHybridCacheSerializer<T> Find<T>()
    {
        if ((services.GetKeyedService<IHybridCacheSerializer<T>>(name) ?? services.GetService<IHybridCacheSerializer<T>>()) is { } given)
            return given;
        if (typeof(T) == typeof(string))
            return (IHybridCacheSerializer<T>)(object)new TextSerializer();
        if (typeof(T) == typeof(byte[]))
            return (IHybridCacheSerializer<T>)(object)new BytesSerializer();
        IHybridCacheSerializerFactory[] factories = [
            .. services.GetServices<IHybridCacheSerializerFactory>(), .. services.GetKeyedServices<IHybridCacheSerializerFactory>(name),
        ];
        for (var i = factories.Length - 1; i >= 0; i--)
        {
            if (factories[i].TryCreateSerializer<T>(out var made))
                return made;
        }

        return new JsonHybridSerializer<T>();
    }
}
