using KafkaCaching.EntityFrameworkCore.Keys;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KafkaCaching.Tests.EntityFrameworkCore.Keys;

public sealed class QueryKeysTests
{
    [Fact]
    public void A_SQLite_file_is_known_by_its_full_path()
    {
        Assert.Equal(KeyOf($"Data Source={Path.GetFullPath("shop.db")}"), KeyOf("Data Source=shop.db"));
        Assert.Equal(KeyOf("Data Source=shop.db"), KeyOf("Data Source=other/../shop.db;Cache=Shared"));
        Assert.NotEqual(KeyOf("Data Source=shop.db"), KeyOf("Data Source=other/shop.db"));
    }

    [Fact]
    public void A_SQLite_file_has_the_same_key_before_and_after_the_connection_is_opened()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");
        try
        {
            using var connection = new SqliteConnection(
                $"Data Source={Path.GetRelativePath(Environment.CurrentDirectory, file)};Pooling=False");
            var before = KeyOf(connection);
            connection.Open();
            Assert.Equal(before, KeyOf(connection));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_SQLite_database_in_memory_is_no_file()
    {
        Assert.NotEqual(KeyOf("Data Source=:memory:"), KeyOf("Data Source=:memory:"));
        const string shared = "Data Source=shop;Mode=Memory;Cache=Shared";
        Assert.Equal(KeyOf(shared), KeyOf(shared));
        Assert.NotEqual(KeyOf(shared), KeyOf("Data Source=shop"));
        Assert.Equal(KeyOf("Data Source=file:shop?mode=memory&cache=shared"), KeyOf("Data Source=file:shop?mode=memory&cache=shared"));
    }

    [Theory]
    [InlineData("Search Path=one", "Search Path=two")]
    [InlineData("SearchPath=one", "")]
    [InlineData("Options=-c search_path=one", "Options=-c search_path=two")]
    [InlineData("Username=one", "Username=two")]
    [InlineData("User Id=one", "User Id=two")]
    [InlineData("Username=one", "Search Path=one")]
    public void Connections_of_Npgsql_with_other_schemas_have_other_keys(string one, string other)
    {
        Assert.NotEqual(KeyOfNpgsql(one), KeyOfNpgsql(other));
        Assert.Equal(KeyOfNpgsql($"{one};Password=a"), KeyOfNpgsql($"{one};Password=b;Application Name=c"));
    }

    private static string KeyOfNpgsql(string settings)
    {
        using var connection = new NpgsqlConnection($"Host=server;Database=shop;{settings}");
        return QueryKeys.End(QueryKeys.Begin(connection, tenant: null));
    }

    private static string KeyOf(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        return KeyOf(connection);
    }

    private static string KeyOf(SqliteConnection connection) => QueryKeys.End(QueryKeys.Begin(connection, tenant: null));
}
