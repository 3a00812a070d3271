using System.Buffers;
using System.Globalization;
using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The forms in which one query can be read: all of its elements, the first one, or their number.</summary>
internal sealed record QueryForms<TParameter, TResult>(
    ResultSource<TParameter, TResult> All, ResultSource<TParameter, TResult> First, ResultSource<TParameter, int> Count)
{
    public static QueryForms<TParameter, TResult> Of(
        string name, LambdaExpression query, Lazy<Func<DbContext, TParameter, IQueryable<TResult>>> compiled) =>
        new(
            new QueryForm<TParameter, TResult, TResult>("all", name, query, compiled, AllAsync),
            new QueryForm<TParameter, TResult, TResult>(
                "first", name, query, compiled, static (all, stop) => AllAsync(all.Take(1), stop)),
            new QueryForm<TParameter, TResult, int>("count", name, query, compiled, CountAsync));

    private static async Task<IReadOnlyList<TResult>> AllAsync(IQueryable<TResult> query, CancellationToken stop) =>
        Array.AsReadOnly(await query.ToArrayAsync(stop).ConfigureAwait(false));

    private static async Task<IReadOnlyList<int>> CountAsync(IQueryable<TResult> query, CancellationToken stop) =>
        Array.AsReadOnly([await query.CountAsync(stop).ConfigureAwait(false)]);
}

/// <summary>One of the forms in which a query can be read.</summary>
internal sealed class QueryForm<TParameter, TElement, T>(
    string form, string name, LambdaExpression query, Lazy<Func<DbContext, TParameter, IQueryable<TElement>>> compiled,
    Func<IQueryable<TElement>, CancellationToken, Task<IReadOnlyList<T>>> run)
    : ResultSource<TParameter, T>
{
    public override string Name => name;

    public override byte[] IdentityIn(ModelQueries model, TParameter parameter) =>
        model.IdentityOf(this, static (form, model) => form.TextIn(model));

    // Entity Framework itself calls the methods that it can't translate, and some of them depend on the culture, such as ToString("N2").
    public override bool TryWrite(ArrayBufferWriter<byte> target, TParameter parameter)
    {
        CanonicalValues.Write(target, CultureInfo.CurrentCulture.Name);
        return typeof(TParameter) == typeof(NoParameter) || CanonicalValues.TryWrite(target, parameter);
    }

    public override Task<IReadOnlyList<T>> RunAsync(
        DbContext context, TParameter parameter, ResultRun? result, CancellationToken cancellationToken)
    {
        var all = compiled.Value(context, parameter);
        var settings = CachedMarker.TakeFrom(all.Expression, out var plain) ?? new QuerySettings();
        return run(
            ((IAsyncQueryProvider)all.Provider).CreateQuery<TElement>(CachedMarker.Put<TElement>(plain, settings.For(name, result))),
            cancellationToken);
    }

    private string TextIn(ModelQueries model)
    {
        var text = QueryText.Of(query, model.Model, out var fault);
        return fault is null ? $"{form} {name}\n{text}" : throw new InvalidOperationException(
            $"The cached query '{name}' {fault}");
    }
}
