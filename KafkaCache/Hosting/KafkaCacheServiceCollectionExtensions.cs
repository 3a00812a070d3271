using KafkaCaching;
using KafkaCaching.Hosting;
using KafkaCaching.Hosting.Configuration;
using KafkaCaching.Hosting.Defaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds caches to an application.</summary>
public static class KafkaCacheServiceCollectionExtensions
{
    /// <summary>Adds a cache that starts and stops with the host. It is resolved as <see cref="IReadOnlyKafkaCache{TKey, TValue}"/>, and as
    /// <see cref="IKafkaCache{TKey, TValue}"/> where it is writable: under its name as the key, and without a key where no other cache has
    /// its types. The settings of all caches are validated before anything starts.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name: the key of the services, the name of the options, and the option <c>Name</c> unless that is set. No two
    /// caches have one name, upper and lower case alike.</param>
    /// <param name="configure">Sets the options. The container's logger, <see cref="TimeProvider"/> and meter factory are taken where they
    /// give none.</param>
    /// <returns>A builder, to say more about the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaCacheBuilder AddKafkaCache<TKey, TValue>(
        this IServiceCollection services, string name, Action<KafkaCacheOptions<TKey, TValue>> configure)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, section: null, configure);
    }

    /// <summary>Adds a cache with options from a section of the configuration, read once. A key that is no option, and a value that can't
    /// be read, stop the host at start. Otherwise as
    /// <see cref="AddKafkaCache{TKey, TValue}(IServiceCollection, string, Action{KafkaCacheOptions{TKey, TValue}})"/>.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache.</param>
    /// <param name="configuration">The section, with the names of the options as keys.</param>
    /// <param name="configure">Sets more options, over the section: serializers, a resolver and the like.</param>
    /// <returns>A builder, to say more about the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaCacheBuilder AddKafkaCache<TKey, TValue>(
        this IServiceCollection services, string name, IConfiguration configuration,
        Action<KafkaCacheOptions<TKey, TValue>>? configure = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, configure);
    }

    /// <summary>Adds a cache that exists already, with its health checks and all else. Who made it disposes of it: the container does
    /// not.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="cache">The cache. Its name is the key of its services.</param>
    /// <returns>A builder, to say more about the cache.</returns>
    public static KafkaCacheBuilder AddKafkaCache<TKey, TValue>(this IServiceCollection services, KafkaCache<TKey, TValue> cache)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(cache);
        return Add(services, new InstanceRegistration<TKey, TValue>(cache));
    }

    /// <summary>Sets options for all caches that the container makes, added before this call or after. What a cache sets itself wins,
    /// setting by setting, also among those of <c>Client</c>, <c>Consumer</c> and <c>Producer</c>. Called more than once, the later call
    /// wins.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The section, with the names of the options as keys. A key that is no option, or can't be the same for
    /// all caches, and a value that can't be read, stop the host at start.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKafkaCacheDefaults(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSingleton(new CacheDefaults(configuration, configure: null));
    }

    /// <summary>Sets options for all caches that the container makes, as
    /// <see cref="AddKafkaCacheDefaults(IServiceCollection, IConfiguration)"/> does.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; run once for each cache.</param>
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
        services.TryAddSingleton<RegisteredCaches>();
        services.TryAddSingleton<CacheEnds>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CacheStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CachesAtStart>, CachesAtStart.Validator>());
        services.AddOptions<CachesAtStart>().ValidateOnStart();
        registration.AddTo(services);
        return new KafkaCacheBuilder(services, registration);
    }
}
