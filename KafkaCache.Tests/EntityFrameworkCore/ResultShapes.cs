using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Queries whose results are cached as objects, with all kinds of objects that have to be copied correctly.</summary>
internal static class ResultShapes
{
    public static IReadOnlyDictionary<string, ResultShape> All { get; } = new Dictionary<string, ResultShape>(StringComparer.Ordinal)
    {
        ["entities with owned types, documents and collections"] = Of(static db => db.Users.OrderBy(static u => u.Name)),
        ["no element"] = Of(static db => db.Users.Where(static u => u.Name == "nobody")),
        ["values"] = Of(static db => db.Users.OrderBy(static u => u.Name).Select(static u => u.GroupId)),
        ["a read-only record"] = Of(
            static db => db.Users.OrderBy(static u => u.Name).Select(static u => new UserRow(u.Id, u.Name, u.Email)), isShared: true),
        ["an anonymous type"] = Of(
            static db => db.Users.OrderBy(static u => u.Name).Select(static u => new { u.Id, u.Status, City = u.Address!.City }),
            isShared: true),
        ["an anonymous type with entities"] = Of(
            static db => db.Orders.OrderBy(static o => o.Id).Select(static o => new { o.User, Order = o })),
        ["a class"] = Of(static db => db.Users.OrderBy(static u => u.Name).Select(static u => new Card { Name = u.Name, Tags = u.Tags })),
        ["a class with another one, which is not copied"] = Of(
            static db => db.Users.OrderBy(static u => u.Name)
                .Select(static u => new Card { Name = u.Name, Back = new Back { Text = u.Name } }), isCopied: false),
        ["a projection with a collection"] = Of(
            static db => db.Users.OrderBy(static u => u.Name)
                .Select(static u => new { u.Name, Totals = u.Orders.OrderBy(static o => o.Id).Select(static o => o.Total).ToList() })),
        ["Include of a collection"] = Of(
            static db => db.Users.Include(static u => u.Orders.OrderBy(static o => o.Id)).OrderBy(static u => u.Name)),
        ["Include of a reference to an element of the result"] = Of(
            static db => db.Users.Include(static u => u.Manager).OrderBy(static u => u.Name)),
        ["Include of many to many, with references back"] = Of(
            static db => db.Users.Include(static u => u.Roles.OrderBy(static r => r.Id)).OrderBy(static u => u.Name)),
        ["a split query"] = Of(
            static db => db.Users.Include(static u => u.Orders.OrderBy(static o => o.Id))
                .ThenInclude(static o => o.Lines.OrderBy(static l => l.Number)).OrderBy(static u => u.Name).AsSplitQuery()),
        ["one table for a hierarchy"] = Of(static db => db.Payments.OrderBy(static p => p.Id)),
        ["a table for each type"] = Of(static db => db.Documents.OrderBy(static d => d.Id)),
        ["every type of column"] = Of(static db => db.Samples.OrderBy(static s => s.Id)),
        ["a view"] = Of(
            static db => db.OrderTotals.OrderBy(static t => t.UserId).Cached(static c => c.DependsOn("orders")),
            plain: static db => db.OrderTotals.OrderBy(static t => t.UserId)),
        ["raw SQL"] = Of(
            static db => db.Users.FromSqlRaw("SELECT * FROM \"users\"").Cached(static c => c.DependsOn("users"))
                .OrderBy(static u => u.Name),
            plain: static db => db.Users.OrderBy(static u => u.Name)),
    };

    private static ResultShape Of<T>(
        Expression<Func<ShopContext, IQueryable<T>>> query, bool isShared = false, bool isCopied = true,
        Func<ShopContext, IQueryable<T>>? plain = null)
    {
        plain ??= query.Compile();
        var cached = CachedQuery.Create("shape", query);
        return new ResultShape(
            async db => await plain(db).ToListAsync(TestContext.Current.CancellationToken),
            async db => await cached.ToListAsync(db, TestContext.Current.CancellationToken),
            isShared || typeof(T).IsValueType, isCopied);
    }
}

/// <param name="Plain">Runs the query without the cache.</param>
/// <param name="Cached">Runs the query with the cache.</param>
/// <param name="IsShared">Whether all callers get the same objects.</param>
/// <param name="IsCopied">Whether a hit copies the objects and generates no SQL.</param>
internal sealed record ResultShape(
    Func<ShopContext, Task<object>> Plain, Func<ShopContext, Task<object>> Cached, bool IsShared, bool IsCopied);

internal sealed record UserRow(Guid Id, string Name, Email Email);

internal sealed class Card
{
    public string Name { get; set; } = "";

    public List<string> Tags { get; set; } = [];

    public Back? Back { get; set; }
}

internal sealed class Back
{
    public string Text { get; set; } = "";
}
