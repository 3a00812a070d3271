using KafkaCaching.EntityFrameworkCore.Debezium;
using KafkaCaching.EntityFrameworkCore.Debezium.Streaming;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a cache be invalidated from Debezium's change records.</summary>
public static class KafkaEfCacheDebeziumExtensions
{
    /// <summary>Invalidates results according to the records that Debezium writes for PostgreSQL, MySQL, MariaDB or SQL Server, regardless
    /// of which program made the changes. One elected instance reads the records.</summary>
    /// <typeparam name="TContext">The type of the context whose tables the records describe. The context or its factory must be a
    /// registered service.</typeparam>
    /// <param name="builder">The builder that <c>AddKafkaEfCache</c> returned.</param>
    /// <param name="topics">The topics of the tables, as in <c>pg.public.*</c>; an asterisk matches any characters.</param>
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
