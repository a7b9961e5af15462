import './dirname.ts';
import { main } from './main.ts';

await main();
