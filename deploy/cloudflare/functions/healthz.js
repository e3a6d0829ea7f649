export { onRequest } from "./anmalan/[[path]].js";
