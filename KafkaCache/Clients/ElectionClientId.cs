using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KafkaCaching.Clients;

/// <summary>The <c>client.id</c> of an election's consumer. The assignor considers the members in the order of their member IDs, which
/// begin with the <c>client.id</c>. A prefix that differs for each pair of leadership and instance therefore spreads the leaderships over
/// the instances. Without it, one instance would be elected for all of them.</summary>
internal static class ElectionClientId
{
    public static string Of(string leadership, string instance)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{leadership}\0{instance}"));
        return string.Create(CultureInfo.InvariantCulture, $"{hash[0]:x2}{hash[1]:x2}-{instance}");
    }
}
