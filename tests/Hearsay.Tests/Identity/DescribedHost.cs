using System.Net;
using Hearsay.Addresses;

namespace Hearsay.Tests.Identity;

/// <summary>A host whose interfaces and routes a test describes: <c>eth0 10.0.0.5</c> and prefixes.</summary>
internal sealed class DescribedHost(params string[] interfaces) : IHostNetwork
{
    private readonly Lock _gate = new();
    private readonly List<Action> _watchers = [];
    private string[] _interfaces = interfaces;

    /// <summary>Longest prefix first: where it leads, and from which address. None leads nowhere.</summary>
    public (string Prefix, string From)[] Routes { get; set; } = [];

    public int Watchers => _watchers.Count;

    public IReadOnlyList<HostAddress> Addresses =>
    [
        .. _interfaces.Select(line => line.Split(' '))
            .SelectMany(parts => parts[1..].Select(address => new HostAddress(IPAddress.Parse(address), parts[0]))),
    ];

    public IPAddress? Towards(IPEndPoint target)
    {
        if (IPAddress.IsLoopback(target.Address))
        {
            return target.Address.ToString() == "127.0.1.1" ? IPAddress.Parse("127.0.0.1") : target.Address;
        }

        var text = target.Address.ToString();
        var own = Addresses.Any(address => address.Address.Equals(target.Address));
        var route = Routes.FirstOrDefault(route => text.StartsWith(route.Prefix, StringComparison.Ordinal)
            && route.From.Contains(':') == text.Contains(':'));
        return own ? target.Address : route.From is { } from ? IPAddress.Parse(from) : null;
    }

    public IDisposable Watch(Action changed)
    {
        lock (_gate)
        {
            _watchers.Add(changed);
        }

        return new Ending(() =>
        {
            lock (_gate)
            {
                _watchers.Remove(changed);
            }
        });
    }

    /// <summary>It changes, and says nothing.</summary>
    public void BecomeSilently(params string[] interfaces)
    {
        lock (_gate)
        {
            _interfaces = interfaces;
        }
    }

    public void Become(params string[] interfaces)
    {
        Action[] watchers;
        BecomeSilently(interfaces);
        lock (_gate)
        {
            watchers = [.. _watchers];
        }

        Array.ForEach(watchers, changed => changed());
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
