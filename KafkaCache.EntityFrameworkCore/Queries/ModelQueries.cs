using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Facts about a model, determined once, for the queries whose results are cached as objects.</summary>
internal sealed class ModelQueries
{
    private static readonly ConditionalWeakTable<ModelTables, ModelQueries> OfTables = [];

    // The references are weak because a program may create a new query object for each use.
    private readonly ConditionalWeakTable<object, byte[]> _identities = [];
    private readonly string _hash;

    private ModelQueries(IModel model, string hash)
    {
        Model = model;
        Copiers = new ResultCopiers(model);

        // The given hash covers the description of the model, which does not include the query filters.
        var texts = new StringBuilder(hash);
        foreach (var type in model.GetEntityTypes())
        {
            foreach (var filter in type.GetDeclaredQueryFilters())
            {
                if (filter.Expression is not { } condition)
                    continue;
                texts.Append(CultureInfo.InvariantCulture, $"\n{type.Name} {filter.Key} {QueryText.Of(condition, model, out var fault)}");
                HaveContextValues |= fault is not null;
            }
        }

        _hash = texts.ToString();
    }

    public IModel Model { get; }

    public ResultCopiers Copiers { get; }

    /// <summary>Whether a query filter reads a value that is neither in the query nor in its parameters, such as the tenant of the context.
    /// Such a value appears only in the parameters of the SQL, so the key is not known before the SQL has been generated.</summary>
    public bool HaveContextValues { get; }

    public static ModelQueries Of(DbContext context, ModelTables tables) => OfTables.TryGetValue(tables, out var known)
        ? known
        : OfTables.GetValue(tables, made => new ModelQueries(context.Model, made.Hash));

    /// <summary>The hash of a query's text and of the model.</summary>
    /// <param name="query">The query.</param>
    /// <param name="text">Returns the text of the query. It is called once.</param>
    public byte[] IdentityOf<TQuery>(TQuery query, Func<TQuery, ModelQueries, string> text)
        where TQuery : class =>
        _identities.TryGetValue(query, out var known) ? known : Add(query, text);

    private byte[] Add<TQuery>(TQuery query, Func<TQuery, ModelQueries, string> text)
        where TQuery : class =>
        _identities.GetValue(query, _ => SHA256.HashData(Encoding.UTF8.GetBytes($"{_hash}\n{text(query, this)}")));
}
