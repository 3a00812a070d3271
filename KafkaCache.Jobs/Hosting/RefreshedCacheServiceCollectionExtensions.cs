using System.Diagnostics.Metrics;
using KafkaCaching;
using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Hosting;
using KafkaCaching.Jobs.Refreshing;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds refreshed caches to an application.</summary>
public static class RefreshedCacheServiceCollectionExtensions
{
    /// <summary>Adds a cache whose rows one elected instance fetches on a schedule, for all instances. The first cache that is added for
    /// the same types is resolved as <see cref="IRefreshedCache{TKey, TRow}"/>. Each cache can also be resolved with its name as the
    /// service key, and is one of the container's <see cref="IRefreshedCache"/> services. The cache starts and stops with the host. The
    /// table that holds its rows is covered by the health checks, metrics and status page, like every other cache.</summary>
    /// <typeparam name="TKey">The type of the IDs.</typeparam>
    /// <typeparam name="TRow">The type of the rows.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache. No two caches may have the same name; case is ignored.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static RefreshedCacheBuilder AddRefreshedCache<TKey, TRow>(
        this IServiceCollection services, string name, Action<RefreshedCacheOptions<TKey, TRow>> configure)
        where TKey : notnull => Add(services, name, configuration: null, configure);

    /// <summary>Adds a refreshed cache with options from a section of the configuration and from code. In all other respects, this method
    /// does the same as
    /// <see cref="AddRefreshedCache{TKey, TRow}(IServiceCollection, string, Action{RefreshedCacheOptions{TKey, TRow}})"/>.</summary>
    /// <typeparam name="TKey">The type of the IDs.</typeparam>
    /// <typeparam name="TRow">The type of the rows.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache.</param>
    /// <param name="configuration">The section. Its keys are the names of the options; <c>Args</c>, <c>Client</c> and <c>Store</c> are
    /// sections. The host does not start if a key is not an option or a value can't be read.</param>
    /// <param name="configure">Sets <c>Key</c>, <c>Fetch</c> and other options on top of the section.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static RefreshedCacheBuilder AddRefreshedCache<TKey, TRow>(
        this IServiceCollection services, string name, IConfiguration configuration,
        Action<RefreshedCacheOptions<TKey, TRow>> configure)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, configuration, configure);
    }

    private static RefreshedCacheBuilder Add<TKey, TRow>(
        IServiceCollection services, string name, IConfiguration? configuration, Action<RefreshedCacheOptions<TKey, TRow>> configure)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);

        // Each container has its own settings and parts, which are found by this key.
        var key = new object();
        var waits = false;
        var options = services.AddOptions<RefreshedCacheOptions<TKey, TRow>>(name);
        if (configuration is not null)
            options.Configure(target => OptionsSection.Bind(configuration, target));
        options.Configure(configure);
        services.AddKeyedSingleton(key, (provider, _) => new RefreshedCacheSettings<TKey, TRow>(
            name, configuration, provider.GetRequiredService<IOptionsMonitor<RefreshedCacheOptions<TKey, TRow>>>()));
        services.AddKafkaCache<string, TableValue>(name, static _ => { });
        services.AddOptions<KafkaCacheOptions<string, TableValue>>(name).Configure<IServiceProvider>(
            (options, provider) => provider.GetRequiredKeyedService<RefreshedCacheSettings<TKey, TRow>>(key).ApplyTo(options));
        services.AddSingleton<IValidateOptions<KafkaCacheOptions<string, TableValue>>>(
            provider => provider.GetRequiredKeyedService<RefreshedCacheSettings<TKey, TRow>>(key));
        services.AddKeyedSingleton(key, (provider, _) => Parts<TKey, TRow>(provider, name, key));
        services.AddSingleton(provider => new StartedRefreshedCache(
            provider.GetRequiredKeyedService<RefreshedCacheParts<TKey, TRow>>(key), waits));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RefreshedCacheStart>());
        services.AddKeyedSingleton<IRefreshedCache<TKey, TRow>>(name, (provider, _) => Cache<TKey, TRow>(provider, key));
        services.AddSingleton<IRefreshedCache>(provider => Cache<TKey, TRow>(provider, key));
        services.TryAddSingleton<IRefreshedCache<TKey, TRow>>(provider => Cache<TKey, TRow>(provider, key));
        return new RefreshedCacheBuilder(services, name, () => waits = true);
    }

    private static RefreshedCache<TKey, TRow> Cache<TKey, TRow>(IServiceProvider services, object key)
        where TKey : notnull
    {
        var parts = services.GetRequiredKeyedService<RefreshedCacheParts<TKey, TRow>>(key);
        parts.Read();
        return parts.Cache;
    }

    private static RefreshedCacheParts<TKey, TRow> Parts<TKey, TRow>(IServiceProvider services, string name, object key)
        where TKey : notnull =>
        new(
            name, services.GetRequiredKeyedService<RefreshedCacheSettings<TKey, TRow>>(key).Options,
            services.GetRequiredKeyedService<IKafkaCache<string, TableValue>>(name), services.GetRequiredService<IServiceScopeFactory>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System, services.GetService<IMeterFactory>(),
            services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
}
