using KafkaCaching.EntityFrameworkCore.Debezium;
using KafkaCaching.EntityFrameworkCore.Debezium.Streaming;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the change records of Debezium tell a cache what has changed.</summary>
public static class KafkaEfCacheDebeziumExtensions
{
    /// <summary>Invalidates by the records that Debezium writes for PostgreSQL, MySQL, MariaDB or SQL Server: the changes of any program.
    /// One elected instance reads them.</summary>
    /// <typeparam name="TContext">The context whose tables the records are of. It must be a service, or have a factory that is
    /// one.</typeparam>
    /// <param name="builder">What <c>AddKafkaEfCache</c> has returned.</param>
    /// <param name="topics">The topics of the tables, as in <c>pg.public.*</c>; a star stands for any characters.</param>
    /// <param name="configure">Sets more options.</param>
    /// <returns>The same builder.</returns>
    public static KafkaHybridCacheBuilder InvalidateFromDebezium<TContext>(
        this KafkaHybridCacheBuilder builder, string topics, Action<DebeziumRelayOptions>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(topics);
        var options = new DebeziumRelayOptions(topics);
        configure?.Invoke(options);
        return builder.InvalidateFrom<TContext>(
            options,
            context => new DebeziumSource(
                options, context.Options, context.Cache.Hybrid.Cache.Topic, context.Tables, context.Time));
    }
}
