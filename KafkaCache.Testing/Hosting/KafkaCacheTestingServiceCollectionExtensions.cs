using KafkaCaching;
using KafkaCaching.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Replaces Kafka with in-memory topics, in tests of a whole application.</summary>
public static class KafkaCacheTestingServiceCollectionExtensions
{
    /// <summary>Makes a cache that <c>AddKafkaCache</c> has added read and write an in-memory topic. All other options of the cache remain
    /// as the application sets them, and no Kafka is needed.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="services">The application's services, for example in <c>ConfigureTestServices</c> of a
    /// <c>WebApplicationFactory</c>.</param>
    /// <param name="topic">The topic. The cache uses the topic's clock, unless it has one of its own.</param>
    /// <param name="name">The name of the cache. It may be omitted if only one cache has these types.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is no such cache, or more than one, or it was created before the
    /// container.</exception>
    public static IServiceCollection ReplaceKafkaCache<TKey, TValue>(
        this IServiceCollection services, InMemoryTopic topic, string? name = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(topic);
        return services.PostConfigure<KafkaCacheOptions<TKey, TValue>>(NameOfOne<TKey, TValue>(services, name), options =>
        {
            options.Log = topic;
            options.Topic ??= topic.Name;
            if (options.TimeProvider == TimeProvider.System)
                options.TimeProvider = topic.Time;
        });
    }

    private static string NameOfOne<TKey, TValue>(IServiceCollection services, string? name)
        where TKey : notnull
    {
        ServiceDescriptor[] caches =
        [
            .. services.Where(one => one.ServiceType == typeof(IReadOnlyKafkaCache<TKey, TValue>) && one.ServiceKey is string registered
                && (name is null || registered == name)),
        ];
        var types = $"<{typeof(TKey).Name}, {typeof(TValue).Name}>";
        return caches switch
        {
            [{ KeyedImplementationInstance: null } only] => (string)only.ServiceKey!,
            [var made] => throw new InvalidOperationException(
                $"The cache '{made.ServiceKey}' was created before the container, so it can't be replaced. Create it with the in-memory "
                + "topic's CreateCache."),
            [] => throw new InvalidOperationException(
                $"No cache {types}{(name is null ? "" : $" named '{name}'")} is registered. Call AddKafkaCache first."),
            _ => throw new InvalidOperationException(
                $"{caches.Length} caches have the types {types}: {string.Join(", ", caches.Select(static one => $"'{one.ServiceKey}'"))}. "
                + "Name one."),
        };
    }
}
