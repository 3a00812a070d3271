using System.Data.Common;
using System.Transactions;
using KafkaCaching.EntityFrameworkCore.Keys;
using KafkaCaching.EntityFrameworkCore.Rows;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The steps of a cached command: determine the key and the tags → find the rows → on a miss, begin a fill, run the command, and
/// record its rows.</summary>
internal sealed class CommandCache(KafkaEfCache cache, KafkaEfCacheUse use)
{
    /// <summary>Finds the rows of a command.</summary>
    /// <returns>A reader of the rows; <see langword="null"/> if the command has to run.</returns>
    /// <exception cref="InvalidOperationException">The cache can't know what the query depends on.</exception>
    /// <exception cref="NotSupportedException">A parameter can't be part of a key.</exception>
    public DbDataReader? Find(DbCommand command, DbContext context, QueryScope scope)
    {
        scope.Fill = null;
        if (scope.Query is not { } query)
            return null;
        if (use == KafkaEfCacheUse.InvalidateOnly || !cache.IsEnabled)
            return Bypass(query);

        var options = OptionsOf(query, cache.Hybrid.MaxTimeToLive);
        var tables = cache.TablesOf(context);
        var tags = TagsOf(query, scope, command.CommandText, context, tables);
        if (IsInTransaction(context) || cache.Marks.Unsettled.ContainsAny(tags))
            return Bypass(query);

        var key = QueryKeys.Of(command, tables.Hash, cache.Options.Tenant?.Invoke(context), scope.Result, scope.Tracking);
        if (query.Run is { } run)
        {
            var kept = run.Answer(key, tags, options, out var fill);
            scope.Fill = fill;
            return kept;
        }

        var counts = cache.Catalog.Of(query.Name);
        if (cache.Hybrid.TryGet(key, out CachedRows? rows))
        {
            counts.CountHit();
            return new CachedRowsReader(rows!);
        }

        counts.CountMiss();
        scope.Fill = new CommandFill(cache.Hybrid.BeginFill(key), options, tags, cache.Hybrid.MaximumPayloadBytes, counts);
        return null;
    }

    /// <summary>Records the rows of a command that had to run.</summary>
    /// <param name="reader">The rows.</param>
    /// <param name="ran">The time from the start of the command until its reader was available.</param>
    /// <param name="scope">The scope that contains the fill.</param>
    public DbDataReader Record(DbDataReader reader, TimeSpan ran, QueryScope scope)
    {
        if (scope.Fill is not { } fill)
            return reader;
        scope.Fill = null;
        var began = cache.Time.GetTimestamp();
        return new RecordingReader(reader, fill.MaxBytes, rows => fill.Store(rows, ran + cache.Time.GetElapsedTime(began)));
    }

    private DbDataReader? Bypass(QuerySettings query)
    {
        if (query.Run is { } run)
            run.Refuse();
        else
            cache.Catalog.Of(query.Name).CountBypassed();
        return null;
    }

    // Inside a transaction, a query may return the transaction's own uncommitted changes, or a snapshot that is older than the marks.
    private static bool IsInTransaction(DbContext context) =>
        context.Database.CurrentTransaction is not null || Transaction.Current is not null
        || context.Database.GetEnlistedTransaction() is not null;

    private static string[] TagsOf(QuerySettings query, QueryScope scope, string sql, DbContext context, ModelTables tables)
    {
        var named = tables.NamedIn(sql);
        if (query.DependsOn.Length == 0)
            Require(named, scope.HasRawSql);
        var tags = named.Tables.Concat(query.DependsOn).Select(Tags.OfTable).ToHashSet(StringComparer.Ordinal);
        foreach (var (table, tag) in query.Part?.TagsOf(context, tables) ?? [])
        {
            // A command that reads the table twice, for example to join the manager of a user, may read other rows of it. Another command
            // of a split query may not read the table at all.
            if (!named.ReadOnce.Contains(table, StringComparer.Ordinal) || query.DependsOn.Contains(table, StringComparer.Ordinal))
                continue;
            if (tag == Tags.OfUnknownRows(table))
                continue; // The database may treat the value as equal to a different value.
            tags.Remove(Tags.OfTable(table));
            tags.Add(tag);
            tags.Add(Tags.OfUnknownRows(table));
        }

        return [.. tags];
    }

    private static HybridCacheEntryOptions? OptionsOf(QuerySettings query, TimeSpan maxTimeToLive)
    {
        if (query.TimeToLive is not { } time)
            return null;
        return time >= TimeSpan.FromSeconds(1) && time <= maxTimeToLive
            ? new HybridCacheEntryOptions { Expiration = time }
            : throw new InvalidOperationException(
                $"The query's time to live is {time}. Set it to a value from 1 second to {maxTimeToLive} "
                + "(the option Hybrid.MaxTimeToLive).");
    }

    private static void Require(NamedTables named, bool hasRawSql)
    {
        if (hasRawSql)
            throw new InvalidOperationException(
                "The query reads raw SQL, and the cache can't know its tables. Write .Cached(c => c.DependsOn(\"table\", ...)).");
        if (named.UnknownViews is [var view, ..])
            throw new InvalidOperationException(
                $"The query reads the view, function or SQL query {view}, and the cache can't know its tables. Write "
                + $".Cached(c => c.DependsOn(\"table\", ...)), or declare them once: DeclareView(\"{view}\", \"table\", ...) in "
                + $"AddKafkaEfCache.");
    }
}
