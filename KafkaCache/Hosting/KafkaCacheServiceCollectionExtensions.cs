using KafkaCaching;
using KafkaCaching.Hosting;
using KafkaCaching.Hosting.Configuration;
using KafkaCaching.Hosting.Defaults;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds caches to an application.</summary>
public static class KafkaCacheServiceCollectionExtensions
{
    /// <summary>Adds a cache that starts and stops with the host. It is resolved as <see cref="IReadOnlyKafkaCache{TKey, TValue}"/>, and
    /// also as <see cref="IKafkaCache{TKey, TValue}"/> if it is writable: with its name as the service key, and also without a key if no
    /// other cache has the same types. The settings of all caches are validated before anything starts.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache. It is the key of its services, the name of its options, and the default of the option
    /// <c>Name</c>. No two caches may have the same name, regardless of case.</param>
    /// <param name="configure">Sets the options. The container's logger, <see cref="TimeProvider"/> and meter factory are used if the
    /// options give none.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaCacheBuilder AddKafkaCache<TKey, TValue>(
        this IServiceCollection services, string name, Action<KafkaCacheOptions<TKey, TValue>> configure)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, section: null, configure);
    }

    /// <summary>Adds a cache with options from a section of the configuration, which is read once. A key that is not an option, or a value
    /// that can't be read, stops the host when it starts. Otherwise, this method does the same as
    /// <see cref="AddKafkaCache{TKey, TValue}(IServiceCollection, string, Action{KafkaCacheOptions{TKey, TValue}})"/>.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache.</param>
    /// <param name="configuration">The section. Its keys are the names of the options.</param>
    /// <param name="configure">Sets further options after the section has been applied, such as serializers or a resolver.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaCacheBuilder AddKafkaCache<TKey, TValue>(
        this IServiceCollection services, string name, IConfiguration configuration,
        Action<KafkaCacheOptions<TKey, TValue>>? configure = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, configure);
    }

    /// <summary>Adds a cache that already exists, including its health check. The code that created the cache disposes of it; the container
    /// does not.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="cache">The cache. Its name is the key of its services.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    public static KafkaCacheBuilder AddKafkaCache<TKey, TValue>(this IServiceCollection services, KafkaCache<TKey, TValue> cache)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(cache);
        return Add(services, new InstanceRegistration<TKey, TValue>(cache));
    }

    /// <summary>Sets options for all caches that the container creates, whether they are added before or after this call. A cache's own
    /// settings take precedence over these defaults. This applies to each single setting, including those in <c>Client</c>, <c>Consumer</c>
    /// and <c>Producer</c>. If this method is called more than once, later calls take precedence over earlier ones.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The section. Its keys are the names of the options. A key that is not an option, an option that can't be
    /// the same for all caches, or a value that can't be read stops the host when it starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKafkaCacheDefaults(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSingleton(new CacheDefaults(configuration, configure: null));
    }

    /// <summary>Sets options for all caches that the container creates, as
    /// <see cref="AddKafkaCacheDefaults(IServiceCollection, IConfiguration)"/> does.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options. It runs once for each cache.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKafkaCacheDefaults(this IServiceCollection services, Action<IKafkaCacheDefaults> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSingleton(new CacheDefaults(section: null, configure));
    }

    private static KafkaCacheBuilder Add<TKey, TValue>(
        IServiceCollection services, string name, IConfiguration? section, Action<KafkaCacheOptions<TKey, TValue>>? configure)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var options = services.AddOptions<KafkaCacheOptions<TKey, TValue>>(name);
        if (section is not null)
            options.Configure(target => SectionBinder.Bind(section, target));
        if (configure is not null)
            options.Configure(configure);
        return Add(services, new OptionsRegistration<TKey, TValue>(name, section));
    }

    private static KafkaCacheBuilder Add<TKey, TValue>(IServiceCollection services, CacheRegistration<TKey, TValue> registration)
        where TKey : notnull
    {
        registration.AddTo(services.AddCachesAtStart());
        return new KafkaCacheBuilder(services, registration);
    }
}
