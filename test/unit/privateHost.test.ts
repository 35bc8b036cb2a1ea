import { isPrivateHost } from '../../runninghub/http/privateHost';

const hostOf = (address: string) => new URL(`http://${address}/`).hostname;

it.each([
	'localhost:5678',
	'127.0.0.1',
	'2130706433',
	'0x7f.1',
	'0.0.0.0',
	'10.1.2.3',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.1.20',
	'169.254.169.254',
	'100.64.0.1',
	'[::1]',
	'[fd00::1]',
	'[fe80::1]',
	'[::ffff:192.168.1.1]',
	'n8n',
	'n8n.local',
	'host.docker.internal',
	'my-box.lan',
	'localhost.',
])('RunningHub cannot reach %s', (address) => {
	expect(isPrivateHost(hostOf(address))).toBe(true);
});

it.each([
	'n8n.example.com',
	'example.com',
	'172.32.0.1',
	'172.15.0.1',
	'11.0.0.1',
	'192.169.0.1',
	'100.128.0.1',
	'[2606:4700::1111]',
	'localhost.example.com',
	'10.example.com',
])('RunningHub can reach %s', (address) => {
	expect(isPrivateHost(hostOf(address))).toBe(false);
});
