using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Hosting;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Lets contexts use a cache.</summary>
public static class KafkaCacheDbContextOptionsBuilderExtensions
{
    /// <summary>Lets a context use a cache: its queries with <c>.Cached()</c> read it, and its commits invalidate results.</summary>
    /// <param name="builder">The options of the context.</param>
    /// <param name="services">The application's services, as <c>AddDbContext</c> provides them.</param>
    /// <param name="name">The name that was given to <c>AddKafkaEfCache</c>.</param>
    /// <param name="use">How the context uses the cache.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">There is no cache of that name.</exception>
    public static DbContextOptionsBuilder UseKafkaCache(
        this DbContextOptionsBuilder builder, IServiceProvider services, string name,
        KafkaEfCacheUse use = KafkaEfCacheUse.ReadAndInvalidate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(services);
        var cache = services.GetKeyedService<KafkaEfCache>(name) ?? throw new InvalidOperationException(
            $"UseKafkaCache names the cache '{name}', which does not exist. Add it with AddKafkaEfCache(\"{name}\", ...).");
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(new KafkaCacheOptionsExtension(cache, use));
        return builder;
    }

    /// <inheritdoc cref="UseKafkaCache(DbContextOptionsBuilder, IServiceProvider, string, KafkaEfCacheUse)"/>
    /// <typeparam name="TContext">The type of the context.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseKafkaCache<TContext>(
        this DbContextOptionsBuilder<TContext> builder, IServiceProvider services, string name,
        KafkaEfCacheUse use = KafkaEfCacheUse.ReadAndInvalidate)
        where TContext : DbContext =>
        (DbContextOptionsBuilder<TContext>)((DbContextOptionsBuilder)builder).UseKafkaCache(services, name, use);
}
