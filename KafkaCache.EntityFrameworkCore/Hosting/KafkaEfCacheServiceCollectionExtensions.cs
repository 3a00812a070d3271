using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Hosting;
using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Rows;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds caches of Entity Framework's queries to an application.</summary>
public static class KafkaEfCacheServiceCollectionExtensions
{
    /// <summary>Adds a cache of the results of Entity Framework's queries, which has its own Kafka topic. Contexts use it through
    /// <c>UseKafkaCache</c>. It starts and stops with the host, and has the same health checks, metrics and status page as any other
    /// cache.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache. No two caches may have the same name; case is ignored.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaHybridCacheBuilder AddKafkaEfCache(
        this IServiceCollection services, string name, Action<KafkaEfCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, configuration: null, configure);
    }

    /// <summary>Adds a cache of the results of Entity Framework's queries, and reads the options of the hybrid cache behind it from a
    /// section of the configuration. In all other respects, it does the same as
    /// <see cref="AddKafkaEfCache(IServiceCollection, string, Action{KafkaEfCacheOptions})"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache.</param>
    /// <param name="configuration">The section. Its keys are the names of the options of <see cref="KafkaHybridCacheOptions"/> and of the
    /// underlying cache.</param>
    /// <param name="configure">Sets more options on top of the section.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaHybridCacheBuilder AddKafkaEfCache(
        this IServiceCollection services, string name, IConfiguration configuration, Action<KafkaEfCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, configure);
    }

    private static KafkaHybridCacheBuilder Add(
        IServiceCollection services, string name, IConfiguration? configuration, Action<KafkaEfCacheOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        // Each container has its own settings, which are found by this key.
        var key = new object();
        services.AddKeyedSingleton(key, (_, _) => new EfSettings(name, configure));
        var builder = services.AddKeyedKafkaHybridCache(
            name, configuration, (provider, hybrid) => provider.GetRequiredKeyedService<EfSettings>(key).Make(hybrid));
        services.AddKeyedSingleton<IHybridCacheSerializer<CachedRows>>(name, new CachedRowsSerializer());
        services.AddKeyedSingleton<IHybridCacheSerializer<CachedResult>>(name, new CachedResultSerializer());
        services.AddKeyedSingleton(key, (provider, _) => new EfOwner(Create(provider, name, key)));
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<EfOwner>(key).Cache);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<KafkaEfCache>(name));
        services.AddKeyedSingleton<IQueryStatistics>(name, (provider, _) => provider.GetRequiredKeyedService<KafkaEfCache>(name));
        return builder;
    }

    private static KafkaEfCache Create(IServiceProvider services, string name, object key)
    {
        // The options are created together with those of the hybrid cache, so the hybrid cache must be resolved first.
        var hybrid = services.GetRequiredKeyedService<KafkaHybridCache>(name);
        var options = services.GetRequiredKeyedService<EfSettings>(key).Options;
        return new KafkaEfCache(
            hybrid, options, services.GetService<IMeterFactory>(),
            options.Hybrid.TimeProvider ?? services.GetService<TimeProvider>() ?? TimeProvider.System,
            GuardedLogger.Of(services.GetService<ILoggerFactory>(), "KafkaCache.EntityFrameworkCore"));
    }
}
