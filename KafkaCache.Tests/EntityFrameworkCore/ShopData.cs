using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The initial rows of the tests.</summary>
internal static class ShopData
{
    public const string View =
        """CREATE VIEW "order_totals" AS SELECT "UserId", SUM("Total") AS "Total" FROM "orders" GROUP BY "UserId";""";

    public static readonly Guid Ada = new("00000000-0000-0000-0000-00000000000a");
    public static readonly Guid Bob = new("00000000-0000-0000-0000-00000000000b");
    public static readonly Guid Cyd = new("00000000-0000-0000-0000-00000000000c");

    /// <summary>The keys of all users.</summary>
    public static readonly Guid[] UserIds = [Ada, Bob, Cyd];

    /// <summary>Creates the tables and fills them. The context has no cache.</summary>
    public static async Task CreateAsync(ShopContext db)
    {
        await db.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        await db.Database.ExecuteSqlRawAsync(View, TestContext.Current.CancellationToken);
        var admins = new Role { Name = "admins" };
        var ada = new User
        {
            Id = Ada, Name = "Ada", Email = new Email("ada@example.com"), GroupId = 1, Address = new Address { Street = "1 Mill Lane" },
            Profile = new Profile { Motto = "Onwards", Links = [new Link { Url = "a" }, new Link { Url = "b" }] }, Tags = ["x", "y"],
            Phones = [new Phone { Number = "1" }, new Phone { Number = "2" }], Roles = [admins, new Role { Name = "readers" }],
        };
        var bob = new User
        {
            Id = Bob, Name = "Bob", Email = new Email("bob@example.com"), GroupId = 1, Status = UserStatus.Gone, Manager = ada, Roles =
                [admins],
        };
        db.AddRange(
            ada, bob, new User { Id = Cyd, Name = "Cyd", GroupId = 2, Manager = ada },
            NewOrder(ada, 10, "apples", "pears"), NewOrder(ada, 20.5m, "plums"), NewOrder(bob, 5),
            new CardPayment { Amount = 10, LastDigits = "0042" }, new CashPayment { Amount = 20, Given = 50 },
            new Document { Title = "Terms" }, new Invoice { Title = "May", Due = 30 },
            new Sample
            {
                Truth = true, Tiny = 200, Small = -3, Large = long.MaxValue, Single = 1.5f, Double = Math.PI, Money = 12345.6789m,
                    Letter = 'é',
                Bytes = [0, 1, 255], Guid = Ada, Time = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                Moment = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), Span = TimeSpan.FromMinutes(90),
                Date = new DateOnly(2030, 1, 2), Clock = new TimeOnly(3, 4, 5), Number = UserStatus.Gone, MaybeTruth = false,
                    MaybeNumber = 7,
                MaybeGuid = Bob, MaybeTime = new DateTime(2031, 1, 2, 3, 4, 5, DateTimeKind.Utc), MaybeText = "", Numbers = [3, 1, 2],
            },
            new Sample { Time = DateTime.UnixEpoch, Moment = DateTimeOffset.UnixEpoch, Letter = 'z' });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private static Order NewOrder(User user, decimal total, params string[] skus) => new()
    {
        User = user, Total = total, Lines = [.. skus.Select(static (sku, i) => new OrderLine { Number = i + 1, Sku = sku })],
    };
}
