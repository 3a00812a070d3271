using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The queries of the test matrix. Each is run with and without the cache.</summary>
internal static class QueryShapes
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IReadOnlyDictionary<string, Func<ShopContext, ICacheSwitch, Task<object?>>> All { get; } =
        new Dictionary<string, Func<ShopContext, ICacheSwitch, Task<object?>>>(StringComparer.Ordinal)
        {
            ["ToListAsync"] = static async (db, on) => await on.Of(db.Users.OrderBy(static u => u.Name)).ToListAsync(Token),
            ["ToList"] = static (db, on) => Done(on.Of(db.Users.OrderBy(static u => u.Name)).ToList()),
            ["foreach"] = static (db, on) =>
            {
                var names = new List<string>();
                foreach (var user in on.Of(db.Users.OrderBy(static u => u.Name)))
                    names.Add(user.Name);
                return Done(names);
            },
            ["await foreach"] = static async (db, on) =>
            {
                var names = new List<string>();
                await foreach (var user in on.Of(db.Users.OrderBy(static u => u.Name)).AsAsyncEnumerable())
                    names.Add(user.Name);
                return names;
            },
            ["ToDictionaryAsync"] = static async (db, on) =>
                await on.Of(db.Roles).ToDictionaryAsync(static r => r.Id, static r => r.Name, Token),
            ["FirstAsync"] = static async (db, on) => await on.Of(db.Users.OrderBy(static u => u.Name)).FirstAsync(Token),
            ["First"] = static (db, on) => Done(on.Of(db.Users.OrderBy(static u => u.Name)).First()),
            ["FirstOrDefaultAsync of none"] = static async (db, on) =>
                await on.Of(db.Users.Where(static u => u.Name == "nobody")).FirstOrDefaultAsync(Token),
            ["FirstOrDefaultAsync with a predicate"] = static async (db, on) =>
                await on.Of(db.Users).FirstOrDefaultAsync(static u => u.Name == "Bob", Token),
            ["SingleAsync"] = static async (db, on) => await on.Of(db.Users.Where(static u => u.Name == "Ada")).SingleAsync(Token),
            ["SingleOrDefaultAsync of none"] = static async (db, on) =>
                await on.Of(db.Users.Where(static u => u.Name == "nobody")).SingleOrDefaultAsync(Token),
            ["LastAsync"] = static async (db, on) => await on.Of(db.Users.OrderBy(static u => u.Name)).LastAsync(Token),
            ["CountAsync"] = static async (db, on) => await on.Of(db.Users).CountAsync(Token),
            ["Count"] = static (db, on) => Done(on.Of(db.Users).Count()),
            ["LongCountAsync"] = static async (db, on) => await on.Of(db.Users).LongCountAsync(Token),
            ["AnyAsync"] = static async (db, on) => await on.Of(db.Users.Where(static u => u.GroupId == 1)).AnyAsync(Token),
            ["AnyAsync of none"] = static async (db, on) => await on.Of(db.Users.Where(static u => u.GroupId == 99)).AnyAsync(Token),
            ["AllAsync"] = static async (db, on) => await on.Of(db.Users).AllAsync(static u => u.GroupId > 0, Token),
            ["SumAsync"] = static async (db, on) => await on.Of(db.OrderLines.Select(static l => l.Number)).SumAsync(Token),
            ["MaxAsync of a projection"] = static async (db, on) => await on.Of(db.Users.Select(static u => u.GroupId)).MaxAsync(Token),
            ["MinAsync of none"] = static async (db, on) =>
                await on.Of(db.Users.Where(static u => u.GroupId == 99).Select(static u => (int?)u.GroupId)).MinAsync(Token),
            ["parameters"] = static async (db, on) =>
            {
                var (name, group, id, mail) = ("Ada", 1, ShopData.Ada, new Email("ada@example.com"));
                return await on.Of(db.Users.Where(u => u.Name == name && u.GroupId == group && u.Id == id && u.Email == mail))
                    .ToListAsync(Token);
            },
            ["a list as a parameter"] = static async (db, on) =>
            {
                string[] names = ["Ada", "Cyd"];
                return await on.Of(db.Users.Where(u => names.Contains(u.Name)).OrderBy(static u => u.Name)).ToListAsync(Token);
            },
            ["Where after Cached"] = static async (db, on) =>
                await on.Of(db.Users).Where(static u => u.GroupId == 1).OrderBy(static u => u.Name).ToListAsync(Token),
            ["Skip and Take"] = static async (db, on) => await on.Of(db.Users.OrderBy(static u => u.Name).Skip(1).Take(1))
                .ToListAsync(Token),
            ["Distinct"] = static async (db, on) => await on.Of(db.Users.Select(static u => u.GroupId).Distinct().OrderBy(static g => g))
                .ToListAsync(Token),
            ["GroupBy"] = static async (db, on) => await on.Of(
                db.Users.GroupBy(static u => u.GroupId).Select(static g => new { Group = g.Key, Users = g.Count() })
                    .OrderBy(static g => g.Group))
                .ToListAsync(Token),
            ["Join"] = static async (db, on) => await on.Of(
                db.Users.Join(db.Orders, static u => u.Id, static o => o.UserId, static (u, o) => new { u.Name, o.Id })
                    .OrderBy(static x => x.Id))
                .ToListAsync(Token),
            ["Union"] = static async (db, on) => await on.Of(
                db.Users.Select(static u => u.Name).Union(db.Roles.Select(static r => r.Name)).OrderBy(static n => n)).ToListAsync(Token),
            ["a subquery"] = static async (db, on) => await on.Of(
                db.Users.Where(u => db.Orders.Any(o => o.UserId == u.Id && o.Total > 15)).Select(static u => u.Name)).ToListAsync(Token),
            ["a projection to an anonymous type"] = static async (db, on) => await on.Of(
                db.Users.OrderBy(static u => u.Name).Select(static u => new { u.Id, u.Email, u.Status, City = u.Address!.City }))
                    .ToListAsync(Token),
            ["a projection to a value"] = static async (db, on) =>
                await on.Of(db.Users.OrderBy(static u => u.Name).Select(static u => u.Id)).ToListAsync(Token),
            ["a projection with a collection"] = static async (db, on) => await on.Of(
                db.Users.OrderBy(static u => u.Name)
                    .Select(static u => new { u.Name, Totals = u.Orders.OrderBy(static o => o.Id).Select(static o => o.Total).ToList() }))
                .ToListAsync(Token),
            ["a projection evaluated by the client"] = static async (db, on) => await on.Of(
                db.Users.OrderBy(static u => u.Name).Select(static u => Shout(u.Name))).ToListAsync(Token),
            ["a projection of entities"] = static async (db, on) => await on.Of(
                db.Orders.OrderBy(static o => o.Id).Select(static o => new { o.User, Order = o })).ToListAsync(Token),
            ["a projection of a shadow property"] = static async (db, on) => await on.Of(
                db.Orders.OrderBy(static o => o.Id).Select(static o => EF.Property<string?>(o, "Note"))).ToListAsync(Token),
            ["Include of a collection"] = static async (db, on) =>
                await on.Of(db.Users.Include(static u => u.Orders.OrderBy(static o => o.Id)).OrderBy(static u => u.Name))
                    .ToListAsync(Token),
            ["Include of a reference"] = static async (db, on) =>
                await on.Of(db.Users.Include(static u => u.Manager).OrderBy(static u => u.Name)).ToListAsync(Token),
            ["ThenInclude"] = static async (db, on) => await on.Of(
                db.Users.Include(static u => u.Orders.OrderBy(static o => o.Id))
                    .ThenInclude(static o => o.Lines.OrderBy(static l => l.Number)).OrderBy(static u => u.Name))
                .ToListAsync(Token),
            ["Include after Cached"] = static async (db, on) =>
                await on.Of(db.Users.OrderBy(static u => u.Name)).Include(static u => u.Orders.OrderBy(static o => o.Id))
                    .ToListAsync(Token),
            ["Include of many to many"] = static async (db, on) =>
                await on.Of(db.Users.Include(static u => u.Roles.OrderBy(static r => r.Id)).OrderBy(static u => u.Name)).ToListAsync(Token),
            ["a split query"] = static async (db, on) => await on.Of(
                db.Users.Include(static u => u.Orders.OrderBy(static o => o.Id))
                    .ThenInclude(static o => o.Lines.OrderBy(static l => l.Number))
                    .Include(static u => u.Roles.OrderBy(static r => r.Id)).OrderBy(static u => u.Name).AsSplitQuery())
                .ToListAsync(Token),
            ["a split query, First"] = static async (db, on) =>
                await on.Of(db.Users.Include(static u => u.Orders.OrderBy(static o => o.Id)).OrderBy(static u => u.Name).AsSplitQuery())
                    .FirstAsync(Token),
            ["AsNoTracking"] = static async (db, on) =>
                await on.Of(db.Orders.Include(static o => o.User).OrderBy(static o => o.Id).AsNoTracking()).ToListAsync(Token),
            ["IgnoreQueryFilters, TagWith"] = static async (db, on) =>
                await on.Of(db.Users.IgnoreQueryFilters().TagWith("users").OrderBy(static u => u.Name)).ToListAsync(Token),
            ["a JSON document in a condition"] = static async (db, on) =>
                await on.Of(db.Users.Where(static u => u.Profile!.Motto == "Onwards")).ToListAsync(Token),
            ["a primitive collection in a condition"] = static async (db, on) =>
                await on.Of(db.Users.Where(static u => u.Tags.Contains("x"))).ToListAsync(Token),
            ["one table for a hierarchy"] = static async (db, on) => await on.Of(db.Payments.OrderBy(static p => p.Id)).ToListAsync(Token),
            ["OfType"] = static async (db, on) => await on.Of(db.Payments.OfType<CashPayment>()).ToListAsync(Token),
            ["a table for each type"] = static async (db, on) => await on.Of(db.Documents.OrderBy(static d => d.Id)).ToListAsync(Token),
            ["every type of column"] = static async (db, on) => await on.Of(db.Samples.OrderBy(static s => s.Id)).ToListAsync(Token),
            ["every type of column, projected"] = static async (db, on) => await on.Of(
                db.Samples.OrderBy(static s => s.Id)
                    .Select(static s => new { s.MaybeTruth, s.MaybeNumber, s.MaybeGuid, s.MaybeTime, s.MaybeText, s.Number, s.Money }))
                .ToListAsync(Token),
            ["a composite key"] = static async (db, on) =>
                await on.Of(db.OrderLines.OrderBy(static l => l.OrderId).ThenBy(static l => l.Number)).ToListAsync(Token),
            ["a view"] = static async (db, on) =>
                await on.Of(db.OrderTotals.OrderBy(static t => t.UserId), "orders").Select(static t => t.UserId).ToListAsync(Token),
            ["FromSql"] = static async (db, on) =>
                await on.Of(db.Users.FromSql($"""SELECT * FROM "users" WHERE "GroupId" = {1}""").OrderBy(static u => u.Name), "users")
                    .ToListAsync(Token),
            ["SqlQuery"] = static async (db, on) =>
                await on.Of(db.Database.SqlQuery<int>($"""SELECT "GroupId" AS "Value" FROM "users" ORDER BY 1"""), "users")
                    .ToListAsync(Token),
        };

    private static string Shout(string text) => text.ToUpperInvariant() + "!";

    private static Task<object?> Done(object? result) => Task.FromResult(result);
}

/// <summary>Makes a query use the cache, or leaves it unchanged.</summary>
internal interface ICacheSwitch
{
    IQueryable<T> Of<T>(IQueryable<T> query, params string[] dependsOn);
}

internal sealed class Cached : ICacheSwitch
{
    public IQueryable<T> Of<T>(IQueryable<T> query, params string[] dependsOn) =>
        dependsOn.Length == 0 ? query.Cached() : query.Cached(c => c.DependsOn(dependsOn));
}

internal sealed class Uncached : ICacheSwitch
{
    public IQueryable<T> Of<T>(IQueryable<T> query, params string[] dependsOn) => query;
}
