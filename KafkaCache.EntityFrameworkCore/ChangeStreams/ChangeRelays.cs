using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.EntityFrameworkCore.ChangeStreams;

/// <summary>Adds relays to an application.</summary>
internal static class ChangeRelays
{
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name of the cache.</param>
    /// <param name="options">The options.</param>
    /// <param name="newSource">Makes the source, given the cache, the tables of the model and what the context connects by.</param>
    /// <typeparam name="TContext">The type of the context whose tables the stream is of.</typeparam>
    public static void Add<TContext>(
        IServiceCollection services, string name, ChangeRelayOptions options,
        Func<KafkaEfCache, ChangedTables, string?, IChangeSource> newSource)
        where TContext : DbContext =>
        services.AddSingleton<IHostedService>(provider =>
        {
            var cache = provider.GetKeyedService<KafkaEfCache>(name) ?? throw new InvalidOperationException(
                $"The cache '{name}' takes invalidations from a database, and is not one of Entity Framework. Add it by AddKafkaEfCache.");
            return new ChangeRelay(
                cache, () => OfContext<TContext>(provider, cache, newSource), options,
                provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance, cache.Hybrid.Parts.Time);
        });

    private static IChangeSource OfContext<TContext>(
        IServiceProvider provider, KafkaEfCache cache, Func<KafkaEfCache, ChangedTables, string?, IChangeSource> newSource)
        where TContext : DbContext
    {
        using var scope = provider.CreateScope();
        using var made = scope.ServiceProvider.GetService<IDbContextFactory<TContext>>()?.CreateDbContext();
        var context = made ?? scope.ServiceProvider.GetRequiredService<TContext>();
        return newSource(cache, new ChangedTables(context.Model, cache.TablesOf(context)), context.Database.GetConnectionString());
    }
}
