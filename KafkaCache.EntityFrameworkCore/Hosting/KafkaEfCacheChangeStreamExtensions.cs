using System.Diagnostics.Metrics;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.ChangeStreams;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a cache be invalidated from the log of a database.</summary>
public static class KafkaEfCacheChangeStreamExtensions
{
    /// <summary>Invalidates results according to a stream of committed changes, regardless of which program made them. One elected instance
    /// reads the stream.</summary>
    /// <typeparam name="TContext">The type of the context whose tables the stream contains. The context or its factory must be a registered
    /// service.</typeparam>
    /// <param name="builder">The builder that <c>AddKafkaEfCache</c> returned.</param>
    /// <param name="options">The options of the election. They are validated when the host starts.</param>
    /// <param name="newSource">Creates the source that reads the stream. It is called once, when the relay starts.</param>
    /// <returns>The same builder.</returns>
    public static KafkaHybridCacheBuilder InvalidateFrom<TContext>(
        this KafkaHybridCacheBuilder builder, ChangeRelayOptions options, Func<ChangeSourceContext, IChangeSource> newSource)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(newSource);
        var name = builder.Name;
        builder.Services.AddSingleton<IHostedService>(provider =>
        {
            var cache = provider.GetKeyedService<KafkaEfCache>(name) ?? throw new InvalidOperationException(
                $"The cache '{name}' can't take invalidations from a database, because it was not added with AddKafkaEfCache.");
            return new ChangeRelay(
                cache, () => newSource(ContextOf<TContext>(provider, cache)), options,
                provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance, provider.GetService<IMeterFactory>());
        });
        return builder;
    }

    private static ChangeSourceContext ContextOf<TContext>(IServiceProvider provider, KafkaEfCache cache)
        where TContext : DbContext
    {
        using var scope = provider.CreateScope();
        using var made = scope.ServiceProvider.GetService<IDbContextFactory<TContext>>()?.CreateDbContext();
        var context = made ?? scope.ServiceProvider.GetRequiredService<TContext>();
        return new ChangeSourceContext(
            cache, new ChangedTables(context.Model, cache.TablesOf(context)), context.Database.GetConnectionString());
    }
}
