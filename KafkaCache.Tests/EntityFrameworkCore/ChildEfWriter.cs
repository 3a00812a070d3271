using System.Globalization;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The code of a child process, which runs this test of this assembly: a pod that commits in several ways until it is killed. A
/// user's name is the number of the last commit that changed it.</summary>
public sealed class ChildEfWriter
{
    public const string ServersVariable = "KAFKACACHE_TEST_WRITER_SERVERS";
    public const string TopicVariable = "KAFKACACHE_TEST_WRITER_TOPIC";
    public const string DatabaseVariable = "KAFKACACHE_TEST_WRITER_DATABASE";
    public const string ModeVariable = "KAFKACACHE_TEST_WRITER_MODE";
    public const string SeedVariable = "KAFKACACHE_TEST_WRITER_SEED";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Run()
    {
        var servers = Environment.GetEnvironmentVariable(ServersVariable);
        Assert.SkipWhen(servers is null, "Only for processes that another test starts.");
        var database = Environment.GetEnvironmentVariable(DatabaseVariable);
        var mode = Enum.Parse<KafkaEfInvalidation>(Environment.GetEnvironmentVariable(ModeVariable)!);
        var random = new Random(int.Parse(Environment.GetEnvironmentVariable(SeedVariable)!, CultureInfo.InvariantCulture));
        await using var host = await RelayHost.StartAsync(
            servers!, Environment.GetEnvironmentVariable(TopicVariable)!, options => options.UseNpgsql(database),
            configure: options => EfKilledWriterTests.Configure(options, mode));
        var number = await host.WithAsync(LastNumberAsync);
        Console.WriteLine("ready 0");
        while (true)
        {
            var (way, id) = (random.Next(4), ShopData.UserIds[random.Next(ShopData.UserIds.Length)]);
            await host.WithAsync(db => CommitAsync(db, way, id, $"{++number}"));
            Console.WriteLine($"committed {number}");
        }
    }

    private static async Task<long> LastNumberAsync(ShopContext db) =>
        (await db.Users.Select(static user => user.Name).ToListAsync(Token)).Max(
            static name => long.Parse(name, CultureInfo.InvariantCulture));

    private static async Task<int> CommitAsync(ShopContext db, int way, Guid id, string name)
    {
        switch (way)
        {
            case 0:
                return await RenameAsync(db, id, name);
            case 1:
                await using (var transaction = await db.Database.BeginTransactionAsync(Token))
                {
                    var changed = await RenameAsync(db, id, name);
                    await transaction.CommitAsync(Token);
                    return changed;
                }

            case 2:
                return await db.Users.ExecuteUpdateAsync(users => users.SetProperty(static user => user.Name, name), Token);
            default:
                return await db.Database.ExecuteSqlAsync($"""UPDATE users SET "Name" = {name} WHERE "Id" = {id}""", Token);
        }
    }

    private static async Task<int> RenameAsync(ShopContext db, Guid id, string name)
    {
        (await db.Users.SingleAsync(user => user.Id == id, Token)).Name = name;
        return await db.SaveChangesAsync(Token);
    }
}
