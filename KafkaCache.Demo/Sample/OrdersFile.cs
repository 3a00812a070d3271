using Microsoft.Data.Sqlite;

namespace KafkaCaching.Demo.Sample;

/// <summary>A SQLite database in its own folder, which is deleted when the service ends.</summary>
internal sealed class OrdersFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kafkacache-orders-");

    public string ConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, "orders.db") }.ToString();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
