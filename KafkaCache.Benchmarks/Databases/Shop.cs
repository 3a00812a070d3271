using KafkaCaching.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Benchmarks.Databases;

/// <summary>A table of people in groups of ten.</summary>
internal sealed class Shop(DbContextOptions<Shop> options) : DbContext(options)
{
    public const int GroupSize = 10;

    public static readonly CachedQuery<Shop, int, PersonRow> OfGroup = CachedQuery.Create(
        "people-of-group", static (Shop db, int group) => db.People.Where(p => p.GroupId == group)
            .Select(static p => new PersonRow(p.Id, p.Name, p.Email)));

    public DbSet<Person> People => Set<Person>();

    public static Guid IdOf(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public static async Task CreateAsync(DbContextOptions<Shop> options, int people)
    {
        await using var db = new Shop(options);
        await db.Database.EnsureDeletedAsync();
        await db.Database.EnsureCreatedAsync();
        db.AddRange(Enumerable.Range(0, people).Select(static number => new Person
        {
            Id = IdOf(number), GroupId = number / GroupSize, Name = $"User Number {number}", Email = $"user-{number}@example.com",
            Joined = DateTime.UnixEpoch.AddDays(number), Balance = number / 100m,
        }));
        await db.SaveChangesAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Person>().HasIndex(static person => person.GroupId);
}

internal sealed class Person
{
    public Guid Id { get; set; }

    public int GroupId { get; set; }

    public string Name { get; set; } = "";

    public string Email { get; set; } = "";

    public DateTime Joined { get; set; }

    public decimal Balance { get; set; }
}

internal sealed record PersonRow(Guid Id, string Name, string Email);
