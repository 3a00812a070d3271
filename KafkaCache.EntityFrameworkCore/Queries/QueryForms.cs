using System.Buffers;
using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>What can be asked of one query: all of its elements, the first, or how many there are.</summary>
internal sealed record QueryForms<TParameter, TResult>(
    ResultSource<TParameter, TResult> All, ResultSource<TParameter, TResult> First, ResultSource<TParameter, int> Count)
{
    public static QueryForms<TParameter, TResult> Of(
        string name, LambdaExpression query, Lazy<Func<DbContext, TParameter, IQueryable<TResult>>> compiled) =>
        new(
            new QueryForm<TParameter, TResult, TResult>($"all {name}", query, compiled, AllAsync),
            new QueryForm<TParameter, TResult, TResult>(
                $"first {name}", query, compiled, static (all, stop) => AllAsync(all.Take(1), stop)),
            new QueryForm<TParameter, TResult, int>($"count {name}", query, compiled, CountAsync));

    private static async Task<IReadOnlyList<TResult>> AllAsync(IQueryable<TResult> query, CancellationToken stop) =>
        Array.AsReadOnly(await query.ToArrayAsync(stop).ConfigureAwait(false));

    private static async Task<IReadOnlyList<int>> CountAsync(IQueryable<TResult> query, CancellationToken stop) =>
        Array.AsReadOnly([await query.CountAsync(stop).ConfigureAwait(false)]);
}

/// <summary>One of the things that can be asked of a query.</summary>
internal sealed class QueryForm<TParameter, TElement, T>(
    string name, LambdaExpression query, Lazy<Func<DbContext, TParameter, IQueryable<TElement>>> compiled,
    Func<IQueryable<TElement>, CancellationToken, Task<IReadOnlyList<T>>> run)
    : ResultSource<TParameter, T>
{
    public override byte[] IdentityIn(ModelQueries model, TParameter parameter) =>
        model.IdentityOf(this, static (form, model) => form.TextIn(model));

    public override bool TryWrite(ArrayBufferWriter<byte> target, TParameter parameter) =>
        typeof(TParameter) == typeof(NoParameter) || CanonicalValues.TryWrite(target, parameter);

    public override Task<IReadOnlyList<T>> RunAsync(
        DbContext context, TParameter parameter, ResultRun? result, CancellationToken cancellationToken)
    {
        var all = compiled.Value(context, parameter);
        var settings = CachedMarker.TakeFrom(all.Expression, out var plain) ?? new QuerySettings();
        return run(
            ((IAsyncQueryProvider)all.Provider).CreateQuery<TElement>(CachedMarker.Put<TElement>(plain, settings.For(result))),
            cancellationToken);
    }

    private string TextIn(ModelQueries model)
    {
        var text = QueryText.Of(query, model.Model, out var fault);
        return fault is null ? $"{name}\n{text}" : throw new InvalidOperationException(
            $"The cached query '{name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]}' {fault}");
    }
}
