using KafkaCaching.Encodings;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hosting;

/// <summary>Registers a cache as a service that is resolved by its name, and also by its types alone if no other cache has the same
/// types.</summary>
internal abstract class CacheRegistration<TKey, TValue>(string name) : CacheRegistration(name)
    where TKey : notnull
{
    public sealed override Type ReadType => typeof(IReadOnlyKafkaCache<TKey, TValue>);

    public abstract KafkaCache<TKey, TValue> TypedCache(IServiceProvider services);

    public sealed override IKafkaCache Cache(IServiceProvider services) => TypedCache(services);

    public void AddTo(IServiceCollection services)
    {
        var isAlone = !services.Any(static one => !one.IsKeyedService && one.ImplementationInstance is CacheRegistration<TKey, TValue>);
        services.AddSingleton<CacheRegistration>(this);
        AddUntyped(services);
        Add<IReadOnlyKafkaCache<TKey, TValue>>(services, isAlone);
        Add<IKafkaCache<TKey, TValue>>(services, isAlone);
    }

    /// <summary>Registers the cache as one of the container's services of type <see cref="IKafkaCache"/>.</summary>
    protected abstract void AddUntyped(IServiceCollection services);

    /// <summary>Describes the cache as a service. Resolving a read-only cache as a writable one throws.</summary>
    protected abstract ServiceDescriptor Describe<TService>(object? key);

    protected static bool IsRefused<TService>(KafkaCache<TKey, TValue> cache) =>
        cache.IsReadOnly && typeof(TService) == typeof(IKafkaCache<TKey, TValue>);

    protected static InvalidOperationException ReadOnly(string name) => new(
        $"The cache '{name}' is read-only, so it is not an {TypeText.Of(typeof(IKafkaCache<TKey, TValue>))}. Set ReadOnly = false in its "
        + $"options to write to it, or ask for {TypeText.Of(typeof(IReadOnlyKafkaCache<TKey, TValue>))}.");

    // The container resolves the registration that was added last.
    private void Add<TService>(IServiceCollection services, bool isAlone)
        where TService : class
    {
        services.Add(Describe<TService>(Name));
        services.Add(
            isAlone
                ? Describe<TService>(key: null)
                : ServiceDescriptor.Singleton<TService>(static services => throw Ambiguous<TService>(services)));
    }

    private static InvalidOperationException Ambiguous<TService>(IServiceProvider services)
    {
        string[] names = [
            .. services.GetServices<CacheRegistration>().OfType<CacheRegistration<TKey, TValue>>().Select(static one => one.Name),
        ];
        return new InvalidOperationException(
            $"{names.Length} caches have the type {TypeText.Of(typeof(TService))}: "
            + $"{string.Join(", ", names.Select(static name => $"'{name}'"))}. "
            + $"Ask for one by its name: [FromKeyedServices(\"{names[0]}\")], or GetRequiredKeyedService(\"{names[0]}\").");
    }
}
