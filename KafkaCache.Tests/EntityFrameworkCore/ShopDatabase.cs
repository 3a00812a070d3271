using KafkaCaching.Tests.Store;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KafkaCaching.Tests.EntityFrameworkCore;

public enum Provider
{
    Sqlite,
    PostgreSql,
}

/// <summary>A database of one test, with the shop's tables and rows.</summary>
internal sealed class ShopDatabase : IAsyncDisposable
{
    private readonly TemporaryDirectory? _folder;

    private ShopDatabase(Provider provider, string connection, TemporaryDirectory? folder) =>
        (Provider, Connection, _folder) = (provider, connection, folder);

    public Provider Provider { get; }

    public string Connection { get; }

    public static async Task<ShopDatabase> CreateAsync(Provider provider, PostgresFixture postgres)
    {
        var folder = provider == Provider.Sqlite ? new TemporaryDirectory() : null;
        var connection = folder is null
            ? await postgres.CreateDatabaseAsync()
            : $"Data Source={Path.Combine(folder.Path, "shop.db")};Pooling=False;Default Timeout=60";
        var database = new ShopDatabase(provider, connection, folder);
        await using var db = database.Open();
        await ShopData.CreateAsync(db);
        return database;
    }

    public void Use(DbContextOptionsBuilder builder) =>
        _ = Provider == Provider.Sqlite ? builder.UseSqlite(Connection) : builder.UseNpgsql(Connection);

    /// <summary>A context without a cache.</summary>
    public ShopContext Open(QueryTrackingBehavior tracking = QueryTrackingBehavior.TrackAll)
    {
        var builder = new DbContextOptionsBuilder<ShopContext>();
        Use(builder);
        builder.UseQueryTrackingBehavior(tracking);
        return new ShopContext(builder.Options);
    }

    /// <summary>Changes rows without invalidating any cache.</summary>
    public async Task ExecuteUnseenAsync(FormattableString sql)
    {
        await using var db = Open();
        await db.Database.ExecuteSqlAsync(sql, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            SqliteConnection.ClearAllPools();
            _folder.Dispose();
            return;
        }

        await using var connection = new NpgsqlConnection(Connection);
        NpgsqlConnection.ClearPool(connection);
    }
}
