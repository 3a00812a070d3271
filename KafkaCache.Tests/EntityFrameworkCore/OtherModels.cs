using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Deals with two foreign keys to people. Deleting a person sets one key to null (the approver), or deletes the deal and its lines
/// (the customer).</summary>
internal sealed class DealsContext(DbContextOptions<DealsContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Person>().ToTable("people");
        modelBuilder.Entity<DealLine>().ToTable("deal_lines");
        modelBuilder.Entity<Deal>(static deal =>
        {
            deal.ToTable("deals");
            deal.HasOne(static d => d.Approver).WithMany().HasForeignKey("ApproverId").OnDelete(DeleteBehavior.SetNull);
            deal.HasOne(static d => d.Customer).WithMany().HasForeignKey("CustomerId").OnDelete(DeleteBehavior.Cascade);
        });
    }
}

internal sealed class Person
{
    public int Id { get; set; }
}

internal sealed class Deal
{
    public int Id { get; set; }

    public Person? Approver { get; set; }

    public required Person Customer { get; set; }
}

internal sealed class DealLine
{
    public int Id { get; set; }

    public required Deal Deal { get; set; }
}

/// <summary>Entities that form a chain.</summary>
internal sealed class ChainContext(DbContextOptions<ChainContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<ChainLink>().ToTable("chain").HasOne(static link => link.Next).WithMany();
}

internal sealed class ChainLink
{
    public int Id { get; set; }

    public ChainLink? Next { get; set; }
}

/// <summary>The shop's users, with lazy loading of their orders.</summary>
internal sealed class LazyContext(DbContextOptions<LazyContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<LazyUser>().ToTable("users").HasMany(static user => user.Orders).WithOne().HasForeignKey(static o => o.UserId);
        modelBuilder.Entity<LazyOrder>().ToTable("orders");
    }
}

internal sealed class LazyUser
{
    private readonly ILazyLoader? _loader;
    private List<LazyOrder> _orders = null!;

    public LazyUser()
    {
    }

    private LazyUser(ILazyLoader lazyLoader) => _loader = lazyLoader;

    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public List<LazyOrder> Orders
    {
        get => _loader.Load(this, ref _orders!)!;
        set => _orders = value;
    }
}

internal sealed class LazyOrder
{
    public int Id { get; set; }

    public Guid UserId { get; set; }
}

/// <summary>A key of a type without operators.</summary>
internal sealed class StrongKeyContext(DbContextOptions<StrongKeyContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<StrongRole>().ToTable("roles")
        .Property(static role => role.Id).HasConversion(static id => id.Number, static number => new RoleId(number));
}

#pragma warning disable CA1815 // The test needs a type without operators.
internal readonly struct RoleId(int number)
#pragma warning restore CA1815
{
    public int Number { get; } = number;
}

internal sealed class StrongRole
{
    public RoleId Id { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>Users with a navigation to an entity that is mapped to a SQL query.</summary>
internal sealed class SqlQueryContext(DbContextOptions<SqlQueryContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<UserWithTotal>().ToTable("users").HasOne(static user => user.Total).WithOne()
            .HasForeignKey<TotalOfUser>(static total => total.UserId);
        modelBuilder.Entity<TotalOfUser>().HasKey(static total => total.UserId);
        modelBuilder.Entity<TotalOfUser>().ToSqlQuery(
            """
            SELECT "UserId", COUNT(*) AS "Orders"
            FROM "orders"

            GROUP BY "UserId"
            """);
    }
}

internal sealed class UserWithTotal
{
    public Guid Id { get; set; }

    public TotalOfUser? Total { get; set; }
}

internal sealed class TotalOfUser
{
    public Guid UserId { get; set; }

    public int Orders { get; set; }
}

/// <summary>A context with a separate model for each tenant, whose query filter contains the tenant as a constant.</summary>
internal sealed class TenantContext(DbContextOptions<TenantContext> options, int tenant) : DbContext(options)
{
    public int Tenant => tenant;

    public DbSet<TenantUser> Users => Set<TenantUser>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ReplaceService<IModelCacheKeyFactory, ModelOfTenant>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var user = Expression.Parameter(typeof(TenantUser), "user");
        var isOfTenant = Expression.Equal(Expression.Property(user, nameof(TenantUser.GroupId)), Expression.Constant(tenant));
        modelBuilder.Entity<TenantUser>().ToTable("users").HasQueryFilter(Expression.Lambda<Func<TenantUser, bool>>(isOfTenant, user));
    }

    private sealed class ModelOfTenant : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (context.GetType(), ((TenantContext)context).Tenant, designTime);
    }
}

internal sealed class TenantUser
{
    public Guid Id { get; set; }

    public int GroupId { get; set; }
}

/// <summary>A context with a separate model for each signature, which its converter puts before the names.</summary>
internal sealed class SignedContext(DbContextOptions<SignedContext> options, string signature) : DbContext(options)
{
    public string Signature => signature;

    public DbSet<SignedUser> Users => Set<SignedUser>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ReplaceService<IModelCacheKeyFactory, ModelOfSignature>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<SignedUser>().ToTable("users")
        .Property(static user => user.Name)
        .HasConversion(new ValueConverter<string, string>(name => name.Substring(signature.Length), name => signature + name));

    private sealed class ModelOfSignature : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (context.GetType(), ((SignedContext)context).Signature, designTime);
    }
}

internal sealed class SignedUser
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>Tables whose foreign keys keep the database from deleting what is referred to.</summary>
internal sealed class ShelvesContext(DbContextOptions<ShelvesContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Shelf>().ToTable("shelves");
        modelBuilder.Entity<Book>().ToTable("books").HasOne(static book => book.Shelf).WithMany().OnDelete(DeleteBehavior.Restrict);
        modelBuilder.Entity<Bookmark>().ToTable("bookmarks").HasOne(static mark => mark.Book).WithMany().OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class Shelf
{
    public int Id { get; set; }
}

internal sealed class Book
{
    public int Id { get; set; }

    public required Shelf Shelf { get; set; }
}

internal sealed class Bookmark
{
    public int Id { get; set; }

    public required Book Book { get; set; }
}
