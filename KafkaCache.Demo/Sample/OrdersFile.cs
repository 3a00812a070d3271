using Microsoft.Data.Sqlite;

namespace KafkaCaching.Demo.Sample;

/// <summary>A SQLite database in a folder of its own, which goes with the service.</summary>
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
