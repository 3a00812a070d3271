using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Benchmarks.Databases;

/// <summary>The measured reads, with and without a cache. Where the cached read generates no SQL, the read without a cache is a compiled
/// query.</summary>
internal sealed record ShopReads(
    Func<Shop, int, ValueTask<object?>> ByKey, Func<Shop, int, ValueTask<object?>> OfGroup, Func<Shop, int, ValueTask<object?>> Linq)
{
    private static readonly Func<Shop, Guid, Task<Person?>> CompiledByKey = EF.CompileAsyncQuery(
        static (Shop db, Guid id) => db.People.AsNoTracking().FirstOrDefault(p => p.Id == id));

    private static readonly Func<Shop, int, IAsyncEnumerable<PersonRow>> CompiledOfGroup = EF.CompileAsyncQuery(
        static (Shop db, int group) => db.People.Where(p => p.GroupId == group)
            .Select(static p => new PersonRow(p.Id, p.Name, p.Email)));

    public static ShopReads Cached { get; } = new(
        static async (db, number) => await db.People.FindCachedAsync(Shop.IdOf(number)),
        static async (db, number) => await Shop.OfGroup.ToListAsync(db, number / Shop.GroupSize),
        static async (db, number) => await Group(db, number).Cached().ToListAsync());

    public static ShopReads Plain { get; } = new(
        static async (db, number) => await CompiledByKey(db, Shop.IdOf(number)),
        static async (db, number) =>
        {
            var rows = new List<PersonRow>();
            await foreach (var row in CompiledOfGroup(db, number / Shop.GroupSize))
                rows.Add(row);
            return rows;
        },
        static async (db, number) => await Group(db, number).ToListAsync());

    private static IQueryable<Person> Group(Shop db, int number)
    {
        var group = number / Shop.GroupSize;
        return db.People.AsNoTracking().Where(p => p.GroupId == group).OrderBy(static p => p.Name);
    }
}
