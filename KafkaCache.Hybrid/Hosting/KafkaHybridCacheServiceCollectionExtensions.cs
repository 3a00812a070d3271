using System.Diagnostics.Metrics;
using KafkaCaching;
using KafkaCaching.Diagnostics;
using KafkaCaching.Hybrid;
using KafkaCaching.Hybrid.Hosting;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds hybrid caches to an application.</summary>
public static class KafkaHybridCacheServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="HybridCache"/> over a Kafka topic, with options from a section of the configuration. The first hybrid
    /// cache that is added is resolved as <see cref="HybridCache"/> and <see cref="KafkaHybridCache"/>; each can also be resolved with its
    /// name as the key. A hybrid cache starts and stops with the host, and has the same health checks, metrics and status page as any other
    /// cache.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache. No two caches may have the same name; case is ignored.</param>
    /// <param name="configuration">The section. Its keys are the names of the options of <see cref="KafkaHybridCacheOptions"/> and of the
    /// underlying cache. If there is any other key, or a value that can't be read, the host does not start.</param>
    /// <param name="configure">Sets more options on top of the section.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaHybridCacheBuilder AddKafkaHybridCache(
        this IServiceCollection services, string name, IConfiguration configuration, Action<KafkaHybridCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return AddResolvedByType(services, name, configuration, configure);
    }

    /// <summary>Adds a <see cref="HybridCache"/> over a Kafka topic, with options from code. In all other respects, it does the same as
    /// <see cref="AddKafkaHybridCache(IServiceCollection, string, IConfiguration, Action{KafkaHybridCacheOptions})"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaHybridCacheBuilder AddKafkaHybridCache(
        this IServiceCollection services, string name, Action<KafkaHybridCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return AddResolvedByType(services, name, configuration: null, configure);
    }

    /// <summary>Adds a <see cref="HybridCache"/> over a Kafka topic that can be resolved only with its name as the key. Code that asks for
    /// a <see cref="HybridCache"/> without a key never gets it. This is meant for packages that keep a cache of their own.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache. No two caches may have the same name; case is ignored.</param>
    /// <param name="configuration">A section with options; <see langword="null"/> if all of them come from code.</param>
    /// <param name="configure">Sets more options on top of the section. It gets the services of the container, because each container
    /// creates its own options.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaHybridCacheBuilder AddKeyedKafkaHybridCache(
        this IServiceCollection services, string name, IConfiguration? configuration,
        Action<IServiceProvider, KafkaHybridCacheOptions>? configure = null) => Add(services, name, configuration, configure);

    private static KafkaHybridCacheBuilder AddResolvedByType(
        IServiceCollection services, string name, IConfiguration? configuration, Action<KafkaHybridCacheOptions>? configure)
    {
        var builder = Add(services, name, configuration, configure is null ? null : (_, options) => configure(options));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<KafkaHybridCache>(name));
        services.TryAddSingleton<HybridCache>(provider => provider.GetRequiredKeyedService<KafkaHybridCache>(name));
        return builder;
    }

    private static KafkaHybridCacheBuilder Add(
        IServiceCollection services, string name, IConfiguration? configuration,
        Action<IServiceProvider, KafkaHybridCacheOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var cache = configuration is null
            ? services.AddKafkaCache<string, StoredRecord>(name, static _ => { })
            : services.AddKafkaCache<string, StoredRecord>(name, OwnSettings.Without(configuration));

        // Each container has its own settings, which are found by this key.
        var key = new object();
        services.AddKeyedSingleton(
            key, (provider, _) => new HybridSettings(
                name, configuration, options => configure?.Invoke(provider, options), provider.GetService<TimeProvider>()));
        services.AddOptions<KafkaCacheOptions<string, StoredRecord>>(name).Configure<IServiceProvider>(
            (options, provider) => provider.GetRequiredKeyedService<HybridSettings>(key).ApplyTo(options));
        services.AddSingleton<IValidateOptions<KafkaCacheOptions<string, StoredRecord>>>(
            provider => provider.GetRequiredKeyedService<HybridSettings>(key));
        AddFirst(services, provider => new TopicCheck(
            name, () => provider.GetRequiredKeyedService<HybridSettings>(key).Options,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILoggerFactory>()));
        services.AddKeyedSingleton(key, (provider, _) => new HybridOwner(Create(provider, name, key)));
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<HybridOwner>(key).Cache);
        services.AddKeyedSingleton<HybridCache>(
            name, static (provider, named) => provider.GetRequiredKeyedService<KafkaHybridCache>(named));
        return new KafkaHybridCacheBuilder(cache);
    }

    // The host starts its services in the order of their registration. The service that creates the topic must come before the one that
    // waits until the caches are ready, which would otherwise wait for a missing topic.
    private static void AddFirst(IServiceCollection services, Func<IServiceProvider, IHostedService> service) =>
        services.Insert(0, ServiceDescriptor.Singleton(service));

    private static KafkaHybridCache Create(IServiceProvider services, string name, object key)
    {
        var cache = services.GetRequiredKeyedService<IKafkaCache<string, StoredRecord>>(name);
        var settings = services.GetRequiredKeyedService<HybridSettings>(key);
        var options = settings.Options;
        return Detached.Start(() => new KafkaHybridCache(new HybridParts(
            cache, options, services, name, options.TimeProvider ?? services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<IMeterFactory>(), services.GetService<ILoggerFactory>(), settings.TagWriters,
            settings.HasSnapshots)));
    }
}
