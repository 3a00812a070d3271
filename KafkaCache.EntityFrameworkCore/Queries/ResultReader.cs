using System.Buffers;
using KafkaCaching.EntityFrameworkCore.Hosting;
using KafkaCaching.EntityFrameworkCore.Keys;
using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Tables;
using KafkaCaching.Hybrid;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The steps of a read by <c>CachedQuery</c> or by key: determine the key → find the result → return its objects → on a miss, run
/// the query once for all callers, and store the rows of its commands.</summary>
/// <remarks>The topic stores rows, from which every process creates objects of any type. The objects are kept in memory too, unless they
/// are mutable and can't be copied. In that case, each hit creates them from the rows again.</remarks>
internal sealed class ResultReader
{
    private readonly DbContext _context;
    private readonly IRelationalConnection _connection;
    private readonly KafkaEfCache _cache;
    private readonly KafkaEfCacheUse _use;
    private readonly ModelQueries _model;

    public ResultReader(ICurrentDbContext current, IDbContextOptions options, IRelationalConnection connection)
    {
        var extension = options.FindExtension<KafkaCacheOptionsExtension>()!;
        (_context, _connection, _cache, _use) = (current.Context, connection, extension.Cache, extension.Use);
        _model = ModelQueries.Of(_context, _cache.TablesOf(_context));
    }

    /// <summary>The reader of a context, or of the context of a set.</summary>
    /// <exception cref="InvalidOperationException">The context has no cache.</exception>
    public static ResultReader Of(IInfrastructure<IServiceProvider> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (ResultReader?)context.Instance.GetService(typeof(ResultReader))
            ?? throw new InvalidOperationException("The context has no cache. Call UseKafkaCache on its options.");
    }

    public ValueTask<IReadOnlyList<T>> ReadAsync<TArguments, T>(
        ResultSource<TArguments, T> source, TArguments arguments, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var objects = Look(source, arguments, out var key, out var kept);
        return objects is not null
            ? new ValueTask<IReadOnlyList<T>>(objects.All(_model.Copiers))
            : new ValueTask<IReadOnlyList<T>>(MissAsync(source, arguments, key, kept, stop));
    }

    public ValueTask<T?> ReadFirstAsync<TArguments, T>(
        ResultSource<TArguments, T> source, TArguments arguments, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var objects = Look(source, arguments, out var key, out var kept);
        return objects is not null
            ? new ValueTask<T?>(objects.First(_model.Copiers))
            : new ValueTask<T?>(FirstOfAsync(MissAsync(source, arguments, key, kept, stop)));
    }

    public T? ReadFirst<T>(KeyedSource<T> source, KeyedArguments<T> arguments)
        where T : class
    {
        var objects = Look(source, arguments, out var key, out var kept);
        if (objects is not null)
            return objects.First(_model.Copiers);
        if (key is null)
            return FirstOf(KeyedSource<T>.Run(arguments, run: null));
        var fill = _cache.Hybrid.BeginFill(key);
        var run = new ResultRun(kept, _cache.Hybrid.MaximumPayloadBytes);
        return FirstOf(Kept(source, KeyedSource<T>.Run(arguments, run), run, kept, fill));
    }

    private static T? FirstOf<T>(IReadOnlyList<T> all) => all.Count > 0 ? all[0] : default;

    private static async Task<T?> FirstOfAsync<T>(Task<IReadOnlyList<T>> all) => FirstOf(await all.ConfigureAwait(false));

    /// <param name="source">The query.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="key">The key of the result; <see langword="null"/> if the result may be neither read nor stored.</param>
    /// <param name="kept">The result in the cache.</param>
    /// <returns>The objects of the result, if it is in the cache and its objects may be returned.</returns>
    private ResultObjects<T>? Look<TArguments, T>(
        ResultSource<TArguments, T> source, TArguments arguments, out string? key, out CachedResult? kept)
    {
        kept = null;
        key = KeyOf(source, arguments);
        var settlements = _cache.Marks.Unsettled.Settlements;
        if (key is null || !_cache.Hybrid.TryGet(key, out kept))
            return null;
        if (!_cache.Marks.Unsettled.ContainsAny(kept!.Tags, since: settlements))
            return Counted(source, _cache.Objects.Find<T>(kept, _model.Copiers));
        (key, kept) = (null, null);
        return null;
    }

    private string? KeyOf<TArguments, T>(ResultSource<TArguments, T> source, TArguments arguments)
    {
        var identity = source.IdentityIn(_model, arguments);
        if (_use == KafkaEfCacheUse.InvalidateOnly || !_cache.IsEnabled || _model.HaveContextValues || IsInTransaction())
            return null;
        var buffer = QueryKeys.Begin(_connection.DbConnection, _cache.Options.Tenant?.Invoke(_context));
        buffer.Write(identity);
        return source.TryWrite(buffer, arguments) ? QueryKeys.End(buffer) : throw new NotSupportedException(
            $"A parameter of the query or a value of the key is of a type that can't be part of a key of the cache ({typeof(TArguments)}). "
            + $"Pass it as text, a number, a time, or a list or tuple of those.");
    }

    private bool IsInTransaction() => _connection.CurrentTransaction is not null
        || (_connection as ITransactionEnlistmentManager)?.EnlistedTransaction is not null
        || System.Transactions.Transaction.Current is not null;

    private async Task<IReadOnlyList<T>> MissAsync<TArguments, T>(
        ResultSource<TArguments, T> source, TArguments arguments, string? key, CachedResult? kept, CancellationToken stop)
    {
        if (key is null)
            return await source.RunAsync(_context, arguments, run: null, stop).ConfigureAwait(false);
        if (kept is not null)
            return await RunAsync(source, arguments, _cache.Hybrid.BeginFill(key), kept, stop).ConfigureAwait(false);
        if (!_cache.Flights.TryBegin(key, out var other))
        {
            await other.WaitAsync(stop).ConfigureAwait(false);
            return await FindOrRunAsync(source, arguments, key, stop).ConfigureAwait(false);
        }

        try
        {
            // Another caller may have stored the result since this caller looked in the cache.
            return await FindOrRunAsync(source, arguments, key, stop).ConfigureAwait(false);
        }
        finally
        {
            _cache.Flights.Land(key);
        }
    }

    private async Task<IReadOnlyList<T>> FindOrRunAsync<TArguments, T>(
        ResultSource<TArguments, T> source, TArguments arguments, string key, CancellationToken stop)
    {
        var fill = _cache.Hybrid.BeginFill(key);
        var settlements = _cache.Marks.Unsettled.Settlements;
        if (fill.TryGet(out CachedResult? kept) && _cache.Marks.Unsettled.ContainsAny(kept!.Tags, since: settlements))
            kept = null;
        if (kept is not null && Counted(source, _cache.Objects.Find<T>(kept, _model.Copiers)) is { } objects)
            return objects.All(_model.Copiers);
        return await RunAsync(source, arguments, fill, kept, stop).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<T>> RunAsync<TArguments, T>(
        ResultSource<TArguments, T> source, TArguments arguments, HybridFill fill, CachedResult? kept, CancellationToken stop)
    {
        var run = new ResultRun(kept, _cache.Hybrid.MaximumPayloadBytes);
        return Kept(source, await source.RunAsync(_context, arguments, run, stop).ConfigureAwait(false), run, kept, fill);
    }

    private ResultObjects<T>? Counted<TArguments, T>(ResultSource<TArguments, T> source, ResultObjects<T>? found)
    {
        if (found is not null)
            _cache.Catalog.Of(source.Name).CountHit();
        return found;
    }

    private void Count<TArguments, T>(ResultSource<TArguments, T> source, ResultRun run)
    {
        var counts = _cache.Catalog.Of(source.Name);
        if (run.IsAnswered)
        {
            counts.CountHit();
        }
        else if (run.IsRefused)
        {
            counts.CountBypassed();
        }
        else
        {
            counts.CountMiss();
            counts.AddDatabaseTime(run.DatabaseTime);
        }
    }

    private IReadOnlyList<T> Kept<TArguments, T>(
        ResultSource<TArguments, T> source, IReadOnlyList<T> all, ResultRun run, CachedResult? kept, HybridFill fill)
    {
        Count(source, run);
        if (run.IsAnswered)
        {
            _cache.Objects.Keep(kept!, all, _model.Copiers);
        }
        else if (run.ToResult() is { } recorded)
        {
            _cache.Objects.Keep(recorded, all, _model.Copiers);
            _ = fill.StoreAsync(recorded, run.Options, recorded.Tags);
        }

        return all;
    }
}
