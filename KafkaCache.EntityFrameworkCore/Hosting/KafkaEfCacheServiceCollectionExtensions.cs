using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Hosting;
using KafkaCaching.EntityFrameworkCore.Options;
using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Rows;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds caches of Entity Framework's queries to an application.</summary>
public static class KafkaEfCacheServiceCollectionExtensions
{
    /// <summary>Adds a cache of the results of Entity Framework's queries over a Kafka topic of its own. Contexts use it by
    /// <c>UseKafkaCache</c>. It starts and stops with the host, and has the health checks, metrics and status page of every
    /// cache.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache. No two caches may have the same name; upper and lower case count as the same.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for further settings of the cache.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static KafkaHybridCacheBuilder AddKafkaEfCache(
        this IServiceCollection services, string name, Action<KafkaEfCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, configuration: null, configure);
    }

    /// <summary>Adds a cache of the results of Entity Framework's queries, with the options of the hybrid cache behind it from a section of
    /// the configuration. Otherwise it does the same as
    /// <see cref="AddKafkaEfCache(IServiceCollection, string, Action{KafkaEfCacheOptions})"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache.</param>
    /// <param name="configuration">The section. Its keys are the names of the options of <see cref="KafkaHybridCacheOptions"/> and of a
    /// cache.</param>
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

        // The options are made with those of the hybrid cache, which each container makes of its own.
        var made = new ConditionalWeakTable<KafkaHybridCacheOptions, KafkaEfCacheOptions>();
        var builder = services.AddKeyedKafkaHybridCache(
            name, configuration, hybrid => made.Add(hybrid, OptionsOf(name, hybrid, configure)));
        var key = new object();
        services.AddKeyedSingleton<IHybridCacheSerializer<CachedRows>>(name, new CachedRowsSerializer());
        services.AddKeyedSingleton<IHybridCacheSerializer<CachedResult>>(name, new CachedResultSerializer());
        services.AddKeyedSingleton(key, (provider, _) => new EfOwner(Create(provider, name, made)));
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<EfOwner>(key).Cache);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<KafkaEfCache>(name));
        services.AddKeyedSingleton<IQueryStatistics>(name, (provider, _) => provider.GetRequiredKeyedService<KafkaEfCache>(name));
        return builder;
    }

    // The hybrid cache asks for its options when the host starts, which is when all of them are checked.
    private static KafkaEfCacheOptions OptionsOf(string name, KafkaHybridCacheOptions hybrid, Action<KafkaEfCacheOptions>? configure)
    {
        var options = new KafkaEfCacheOptions(hybrid);
        configure?.Invoke(options);
        string[] faults = [.. OptionsFaults.Of(options)];
        return faults.Length == 0 ? options : throw new OptionsValidationException(name, typeof(KafkaEfCacheOptions), faults);
    }

    private static KafkaEfCache Create(
        IServiceProvider services, string name, ConditionalWeakTable<KafkaHybridCacheOptions, KafkaEfCacheOptions> made)
    {
        var hybrid = services.GetRequiredKeyedService<KafkaHybridCache>(name);
        if (!made.TryGetValue(hybrid.Parts.Options, out var options))
            throw new InvalidOperationException($"The hybrid cache '{name}' was not added by AddKafkaEfCache. Give it another name.");
        return new KafkaEfCache(
            hybrid, options, services.GetService<IMeterFactory>(), hybrid.Parts.Time,
            (ILogger?)services.GetService<ILoggerFactory>()?.CreateLogger("KafkaCache.EntityFrameworkCore") ?? NullLogger.Instance);
    }
}
