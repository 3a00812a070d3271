using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>A model with every kind of mapping that the test matrix needs.</summary>
internal sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<Role> Roles => Set<Role>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<OrderLine> OrderLines => Set<OrderLine>();

    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<Document> Documents => Set<Document>();

    public DbSet<Sample> Samples => Set<Sample>();

    public DbSet<OrderTotal> OrderTotals => Set<OrderTotal>();

    public DbSet<Country> Countries => Set<Country>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Country>(country =>
        {
            country.ToTable("countries");
            country.HasKey(static c => c.Code);
            if (Database.IsSqlite())
                country.Property(static c => c.Code).UseCollation("NOCASE");
        });
        modelBuilder.Entity<User>(user =>
        {
            user.ToTable("users");
            user.Property(static u => u.Id).ValueGeneratedNever();
            user.Property(static u => u.GroupId).IsConcurrencyToken();
            user.Property(static u => u.Status).HasConversion<string>();
            user.Property(static u => u.Email).HasConversion(static mail => mail.Text, static text => new Email(text));
            user.OwnsOne(static u => u.Address);
            user.OwnsOne(static u => u.Profile, static profile =>
            {
                profile.ToJson();
                profile.OwnsMany(static p => p.Links);
            });
            user.OwnsMany(static u => u.Phones, static phone =>
            {
                phone.ToTable("phones");
                phone.WithOwner().HasForeignKey("UserId");
                phone.HasKey("UserId", nameof(Phone.Number));
            });
            user.HasOne(static u => u.Manager).WithMany().HasForeignKey(static u => u.ManagerId).OnDelete(DeleteBehavior.SetNull);
            user.HasMany(static u => u.Roles).WithMany(static r => r.Users).UsingEntity("user_roles");
        });
        modelBuilder.Entity<Role>().ToTable("roles");
        modelBuilder.Entity<Order>(static order =>
        {
            order.ToTable("orders");
            order.Property<string?>("Note");
            order.HasOne(static o => o.User).WithMany(static u => u.Orders).HasForeignKey(static o => o.UserId);
        });
        modelBuilder.Entity<OrderLine>(static line =>
        {
            line.ToTable("order_lines");
            line.HasKey(static l => new { l.OrderId, l.Number });
        });
        modelBuilder.Entity<Payment>(static payment =>
        {
            payment.ToTable("payments");
            payment.HasDiscriminator<string>("kind").HasValue<CardPayment>("card").HasValue<CashPayment>("cash");
        });
        modelBuilder.Entity<Document>().UseTptMappingStrategy().ToTable("documents");
        modelBuilder.Entity<Invoice>().ToTable("invoices");
        modelBuilder.Entity<Sample>().ToTable("samples");
        modelBuilder.Entity<OrderTotal>(static total =>
        {
            total.HasNoKey();
            total.ToView("order_totals");
        });
    }
}

/// <summary>An entity whose key is case-sensitive only in PostgreSQL.</summary>
internal sealed class Country
{
    public required string Code { get; set; }

    public required string Name { get; set; }
}

internal sealed record Email(string Text);

internal enum UserStatus
{
    Active,
    Gone,
}

internal sealed class User
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public Email Email { get; set; } = new("");

    public int GroupId { get; set; }

    public UserStatus Status { get; set; }

    public Address? Address { get; set; }

    public Profile? Profile { get; set; }

    public List<string> Tags { get; set; } = [];

    public List<Phone> Phones { get; set; } = [];

    public Guid? ManagerId { get; set; }

    public User? Manager { get; set; }

    public List<Order> Orders { get; set; } = [];

    public List<Role> Roles { get; set; } = [];
}

internal sealed class Address
{
    public string Street { get; set; } = "";

    public string? City { get; set; }
}

internal sealed class Profile
{
    public string Motto { get; set; } = "";

    public List<Link> Links { get; set; } = [];
}

internal sealed class Link
{
    public string Url { get; set; } = "";
}

internal sealed class Phone
{
    public string Number { get; set; } = "";
}

internal sealed class Role
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public List<User> Users { get; set; } = [];
}

internal sealed class Order
{
    public int Id { get; set; }

    public Guid UserId { get; set; }

    public User? User { get; set; }

    public decimal Total { get; set; }

    public List<OrderLine> Lines { get; set; } = [];
}

internal sealed class OrderLine
{
    public int OrderId { get; set; }

    public int Number { get; set; }

    public string Sku { get; set; } = "";
}

internal abstract class Payment
{
    public int Id { get; set; }

    public decimal Amount { get; set; }
}

internal sealed class CardPayment : Payment
{
    public string LastDigits { get; set; } = "";
}

internal sealed class CashPayment : Payment
{
    public decimal Given { get; set; }
}

internal class Document
{
    public int Id { get; set; }

    public string Title { get; set; } = "";
}

internal sealed class Invoice : Document
{
    public decimal Due { get; set; }
}

internal sealed class OrderTotal
{
    public Guid UserId { get; set; }

    public decimal Total { get; set; }
}

/// <summary>An entity with a column of every type that both providers support.</summary>
internal sealed class Sample
{
    public int Id { get; set; }

    public bool Truth { get; set; }

    public byte Tiny { get; set; }

    public short Small { get; set; }

    public long Large { get; set; }

    public float Single { get; set; }

    public double Double { get; set; }

    public decimal Money { get; set; }

    public char Letter { get; set; }

    public byte[] Bytes { get; set; } = [];

    public Guid Guid { get; set; }

    public DateTime Time { get; set; }

    public DateTimeOffset Moment { get; set; }

    public TimeSpan Span { get; set; }

    public DateOnly Date { get; set; }

    public TimeOnly Clock { get; set; }

    public UserStatus Number { get; set; }

    public bool? MaybeTruth { get; set; }

    public int? MaybeNumber { get; set; }

    public Guid? MaybeGuid { get; set; }

    public DateTime? MaybeTime { get; set; }

    public string? MaybeText { get; set; }

    public int[] Numbers { get; set; } = [];
}
