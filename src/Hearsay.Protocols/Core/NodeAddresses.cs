using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hearsay;

/// <summary>
/// The addresses at which one node is reached: at most one of each family. An immutable value of 32 bytes, safe on any
/// thread.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NodeAddresses
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _bits;
    private readonly ushort _portIPv4;
    private readonly ushort _portIPv6;

    /// <summary>Creates a value with one address.</summary>
    public NodeAddresses(in NodeAddress address)
        : this(address, default)
    {
    }

    /// <summary>Creates a value with two addresses. If both are of one family, only the first is kept.</summary>
    public NodeAddresses(in NodeAddress first, in NodeAddress second)
    {
        Split(first, ref _bits, ref _portIPv4, ref _high, ref _low, ref _portIPv6);
        Split(second, ref _bits, ref _portIPv4, ref _high, ref _low, ref _portIPv6);
    }

    /// <summary>An IPv4 address; none if the port is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal NodeAddresses(uint bits, ushort port) => (_bits, _portIPv4) = (bits, port);

    /// <summary>No address.</summary>
    public static NodeAddresses None => default;

    /// <summary>Whether there is an IPv4 address.</summary>
    public bool HasIPv4 => _portIPv4 != 0;

    /// <summary>Whether there is an IPv6 address.</summary>
    public bool HasIPv6 => _portIPv6 != 0;

    /// <summary>Whether there is an address of each family.</summary>
    internal bool IsDual => HasIPv4 && HasIPv6;

    /// <summary>The IPv4 address as a number in network order; 0 if there is none.</summary>
    internal uint IPv4Bits => _bits;

    /// <summary>The port of the IPv4 address; 0 if there is none.</summary>
    internal ushort IPv4Port => _portIPv4;

    /// <summary>Whether there is no address at all.</summary>
    public bool IsEmpty => (_portIPv4 | _portIPv6) == 0;

    /// <summary>The IPv4 address, or <see cref="NodeAddress.None"/>.</summary>
    public NodeAddress IPv4 => HasIPv4 ? NodeAddress.FromIPv4(_bits, _portIPv4) : default;

    /// <summary>The IPv6 address, or <see cref="NodeAddress.None"/>.</summary>
    public NodeAddress IPv6 => HasIPv6 ? NodeAddress.FromIPv6(_high, _low, _portIPv6) : default;

    /// <summary>The IPv4 address if there is one, else the IPv6 address.</summary>
    public NodeAddress Primary => HasIPv4 ? IPv4 : IPv6;

    /// <summary>Returns whether <paramref name="address"/> is one of these addresses.</summary>
    public bool Contains(in NodeAddress address) => address.Port != 0
        && (address.IsIPv4 && _portIPv4 != 0
            ? _portIPv4 == address.Port && _bits == address.IPv4Bits
            : _portIPv6 == address.Port && _low == address.LowBits && _high == address.HighBits);

    /// <inheritdoc/>
    public bool Equals(NodeAddresses other) =>
        _bits == other._bits && _portIPv4 == other._portIPv4 && _portIPv6 == other._portIPv6
        && _low == other._low && _high == other._high;

    /// <inheritdoc/>
    public override int GetHashCode() => (IPv4, IPv6).GetHashCode();

    /// <summary>Returns the addresses as text, separated by a comma.</summary>
    public override string ToString() =>
        HasIPv4 && HasIPv6 ? $"{IPv4},{IPv6}" : Primary.ToString();

    private static void Split(
        in NodeAddress address, ref uint bits, ref ushort portIPv4, ref ulong high, ref ulong low, ref ushort portIPv6)
    {
        if (address.Port == 0)
        {
            return;
        }

        if (address.IsIPv4 && portIPv4 == 0)
        {
            (bits, portIPv4) = (address.IPv4Bits, address.Port);
        }
        else if (!address.IsIPv4 && portIPv6 == 0)
        {
            (high, low, portIPv6) = (address.HighBits, address.LowBits, address.Port);
        }
    }
}
